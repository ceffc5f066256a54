"""The page's words in both languages; a test holds their keys equal."""

from __future__ import annotations

from collections.abc import Mapping

FR: Mapping[str, str] = {
    "title": "Poste simulé",
    "other": "English",
    "screen": "Écran OLED",
    "keypad": "Clavier",
    "relays": "Relais",
    "state": "État",
    "led": "Voyant",
    "light_dark": "éteint",
    "light_steady": "en service",
    "light_flash": "libre",
    "light_slow": "bientôt fini",
    "light_fast": "appelle à l’aide",
    "confirm": "Valider",
    "erase": "Effacer",
    "pause": "Pause",
    "end": "Terminer",
    "balance": "Solde",
    "language": "Langue",
    "help": "Aide",
    "power_cut": "Coupure de courant",
    "power_cut_hint": "Arrête le nœud net, sans prévenir le hub ; il redémarre de lui-même.",
    "keyboard_hint": "Le clavier de l’ordinateur marche aussi : lettres, chiffres, Entrée, Retour arrière.",
    "on": "sous tension",
    "off": "coupé",
    "lost": "Le nœud ne répond pas…",
    "phase": "Phase",
    "link": "Hub",
    "faults": "Pannes",
    "none": "aucune",
    "phase_idle": "libre",
    "phase_entering": "saisie",
    "phase_checking": "vérification",
    "phase_running": "en service",
    "phase_grace": "délai de grâce",
    "phase_locked_out": "bloqué",
    "phase_maintenance": "maintenance",
    "phase_fault": "panne",
    "link_ok": "joignable",
    "link_no_hub": "hub absent",
    "link_no_broker": "pas de liaison",
}

EN: Mapping[str, str] = {
    "title": "Simulated post",
    "other": "Français",
    "screen": "OLED screen",
    "keypad": "Keypad",
    "relays": "Relays",
    "state": "State",
    "led": "LED",
    "light_dark": "dark",
    "light_steady": "in use",
    "light_flash": "free",
    "light_slow": "nearly over",
    "light_fast": "needs help",
    "confirm": "Enter",
    "erase": "Erase",
    "pause": "Pause",
    "end": "End",
    "balance": "Balance",
    "language": "Language",
    "help": "Help",
    "power_cut": "Power cut",
    "power_cut_hint": "Stops the node dead, without a word to the hub; it comes back by itself.",
    "keyboard_hint": "The computer’s keyboard works too: letters, digits, Enter, Backspace.",
    "on": "powered",
    "off": "off",
    "lost": "The node does not answer…",
    "phase": "Phase",
    "link": "Hub",
    "faults": "Faults",
    "none": "none",
    "phase_idle": "free",
    "phase_entering": "typing",
    "phase_checking": "checking",
    "phase_running": "running",
    "phase_grace": "grace",
    "phase_locked_out": "locked out",
    "phase_maintenance": "maintenance",
    "phase_fault": "fault",
    "link_ok": "reachable",
    "link_no_hub": "no hub",
    "link_no_broker": "no broker",
}

WORDS: Mapping[str, Mapping[str, str]] = {"fr": FR, "en": EN}


def choose(asked: str | None, accepted: str) -> str:
    """The language asked for by name, else the first of an Accept-Language header that we speak, else French."""
    if asked in WORDS:
        return str(asked)
    ranked: list[tuple[float, str]] = []
    for part in accepted.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            ranked.append((-float(quality or 1), tag[:2].lower()))
        except ValueError:
            continue
    return next((tag for _, tag in sorted(ranked, key=lambda item: item[0]) if tag in WORDS), "fr")
