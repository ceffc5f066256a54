"""What the screen says, in each language: complete by construction, every line at most 21 signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.wire.terms import DenyReason, Language, SettleReason
from node.core.state import Say

Lines = tuple[str, ...]
"""A title and up to three lines below it."""


@dataclass(frozen=True, slots=True)
class Texts:
    """One language. `{}` is a number, or another post's name, and may make a line longer: it is wrapped then."""

    type_code: str
    your_code: str
    one_missing: str
    missing: str
    confirm: str
    checking: Lines
    time_left: str
    keys: str
    added_minutes: str
    added_seconds: str
    save_work: str
    power_off_soon: str
    locked: str
    locked_hint: str
    spent: Lines
    maintenance: Lines
    no_hub: Lines
    from_desk: str
    here: Lines
    out_of_order: Lines
    self_test: Lines
    said: Mapping[Say, Lines]
    denied: Mapping[DenyReason, Lines]
    over: Mapping[SettleReason, Lines]


FRENCH = Texts(
    type_code="Tapez votre code",
    your_code="Votre code",
    one_missing="Encore 1 signe",
    missing="Encore {} signes",
    confirm="Validez avec Entrée",
    checking=("Vérification…", "Un instant"),
    time_left="Temps restant",
    keys="Pause ou Fin : touche",
    added_minutes="+{} min",
    added_seconds="+{} s",
    save_work="Temps écoulé",
    power_off_soon="Enregistrez tout !",
    locked="Trop d’essais",
    locked_hint="Attendez ou demandez",
    spent=("Temps écoulé", "Vérification…"),
    maintenance=("En maintenance", "Ce poste est fermé", "aux codes."),
    no_hub=("Accueil injoignable", "Pas de nouveau code", "pour le moment."),
    from_desk="Message de l’accueil",
    here=("Je suis ici !", "L’accueil cherche", "ce poste."),
    out_of_order=("Hors service", "Adressez-vous", "à l’accueil."),
    self_test=("Essai écran", "Bords visibles ?", "éàçùÉ 0O 1I 8B"),
    said={
        Say.STARTING: ("Démarrage…",),
        Say.NO_HUB: ("Accueil injoignable", "Réessayez plus tard,", "ou voyez l’accueil."),
        Say.NO_ANSWER: ("Pas de réponse", "Tapez votre code", "encore une fois."),
        Say.TRY_AGAIN: ("Pas cette fois", "Tapez votre code", "encore une fois."),
        Say.ADDED: ("Temps ajouté",),
        Say.BALANCE: ("Votre solde",),
        Say.CALLED: ("Accueil prévenu", "Quelqu’un va venir."),
        Say.OUT_OF_ORDER: ("Hors service", "Adressez-vous", "à l’accueil."),
        Say.PAUSE_AGAIN: ("Faire une pause ?", "Même touche : oui", "Autre touche : non"),
        Say.END_AGAIN: ("Terminer ?", "Même touche : oui", "Autre touche : non"),
        Say.POWER_CUT: ("Session en pause", "Coupure de courant :", "retapez votre code."),
    },
    denied={
        DenyReason.UNKNOWN_CODE: ("Code inconnu", "Vérifiez-le", "et recommencez."),
        DenyReason.ALREADY_IN_USE: ("Code déjà utilisé", "sur {}"),
        DenyReason.USED_UP: ("Code épuisé", "Il ne reste pas", "de temps."),
        DenyReason.CODE_EXPIRED: ("Code périmé", "Demandez-en un", "à l’accueil."),
        DenyReason.NOT_YET_VALID: ("Trop tôt", "Ce code n’est pas", "encore valable."),
        DenyReason.WRONG_POST: ("Mauvais poste", "Ce code vaut pour", "un autre poste."),
        DenyReason.POST_BUSY: ("Poste occupé", "Adressez-vous", "à l’accueil."),
        DenyReason.POST_RESERVED: ("Poste réservé", "Choisissez un autre", "poste."),
        DenyReason.POST_MAINTENANCE: ("En maintenance", "Choisissez un autre", "poste."),
        DenyReason.CLOSED: ("Session terminée", "Demandez un code", "à l’accueil."),
        DenyReason.QUOTA: ("Quota atteint", "Adressez-vous", "à l’accueil."),
        DenyReason.LEASE_CHANGED: ("Pas cette fois", "Tapez votre code", "encore une fois."),
        DenyReason.LOCKED_OUT: ("Trop d’essais", "Attendez un peu,", "ou voyez l’accueil."),
        DenyReason.HUB_BUSY: ("Accueil occupé", "Réessayez dans", "deux minutes."),
    },
    over={
        SettleReason.EXPIRED: ("Temps écoulé", "Merci et au revoir."),
        SettleReason.ENDED_HERE: ("Session terminée", "Merci et au revoir."),
        SettleReason.PAUSED_HERE: ("Session en pause", "Gardez votre code :", "il reste du temps."),
        SettleReason.REVOKED: ("Session fermée", "par l’accueil."),
        SettleReason.NOT_ACCEPTED: ("Pas cette fois", "Tapez votre code", "encore une fois."),
    },
)

ENGLISH = Texts(
    type_code="Type your code",
    your_code="Your code",
    one_missing="1 more sign",
    missing="{} more signs",
    confirm="Confirm with Enter",
    checking=("Checking…", "One moment"),
    time_left="Time left",
    keys="Keys: Pause or End",
    added_minutes="+{} min",
    added_seconds="+{} s",
    save_work="Time is up",
    power_off_soon="Save your work now!",
    locked="Too many tries",
    locked_hint="Wait, or ask the desk",
    spent=("Time is up", "Checking…"),
    maintenance=("Maintenance", "This post is closed", "to codes."),
    no_hub=("Desk out of reach", "No new codes", "for the moment."),
    from_desk="From the desk",
    here=("I am here!", "The desk looks for", "this post."),
    out_of_order=("Out of order", "Please ask", "at the desk."),
    self_test=("Screen test", "All edges seen?", "éàçùÉ 0O 1I 8B"),
    said={
        Say.STARTING: ("Starting…",),
        Say.NO_HUB: ("Desk out of reach", "Try again later,", "or go to the desk."),
        Say.NO_ANSWER: ("No answer", "Type your code", "once more."),
        Say.TRY_AGAIN: ("Not this time", "Type your code", "once more."),
        Say.ADDED: ("Time added",),
        Say.BALANCE: ("Your balance",),
        Say.CALLED: ("Desk called", "Somebody will come."),
        Say.OUT_OF_ORDER: ("Out of order", "Please ask", "at the desk."),
        Say.PAUSE_AGAIN: ("Pause?", "Same key: yes", "Other key: no"),
        Say.END_AGAIN: ("End your stay?", "Same key: yes", "Other key: no"),
        Say.POWER_CUT: ("Stay paused", "Power was cut. Type", "your code to go on."),
    },
    denied={
        DenyReason.UNKNOWN_CODE: ("Unknown code", "Check it", "and try again."),
        DenyReason.ALREADY_IN_USE: ("Code is in use", "at {}"),
        DenyReason.USED_UP: ("Code is used up", "It has no time left."),
        DenyReason.CODE_EXPIRED: ("Code too old", "Please ask the desk", "for a new one."),
        DenyReason.NOT_YET_VALID: ("Too early", "This code is not", "valid yet."),
        DenyReason.WRONG_POST: ("Wrong post", "This code is for", "another post."),
        DenyReason.POST_BUSY: ("Post is in use", "Please ask", "at the desk."),
        DenyReason.POST_RESERVED: ("Post is reserved", "Please take", "another post."),
        DenyReason.POST_MAINTENANCE: ("Maintenance", "Please take", "another post."),
        DenyReason.CLOSED: ("Stay has ended", "Please ask the desk", "for a code."),
        DenyReason.QUOTA: ("Quota reached", "Please ask", "at the desk."),
        DenyReason.LEASE_CHANGED: ("Not this time", "Type your code", "once more."),
        DenyReason.LOCKED_OUT: ("Too many tries", "Wait a little,", "or ask the desk."),
        DenyReason.HUB_BUSY: ("Desk is busy", "Try again in", "two minutes."),
    },
    over={
        SettleReason.EXPIRED: ("Time is up", "Thank you. Goodbye."),
        SettleReason.ENDED_HERE: ("Stay ended", "Thank you. Goodbye."),
        SettleReason.PAUSED_HERE: ("Paused", "Keep your code:", "it has time left."),
        SettleReason.REVOKED: ("Stay closed", "by the desk."),
        SettleReason.NOT_ACCEPTED: ("Not this time", "Type your code", "once more."),
    },
)

TEXTS: Mapping[Language, Texts] = {Language.FR: FRENCH, Language.EN: ENGLISH}
