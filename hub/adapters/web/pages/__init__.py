"""The panel's pages, one file a page. They read the same views and obey the same guards as the API."""

from __future__ import annotations

from aiohttp import web

from hub.adapters.web.i18n import load_texts
from hub.adapters.web.pages import (
    api_docs,
    board,
    codes,
    failures,
    journal,
    me,
    node_files,
    operators,
    posts,
    sessions,
    settings,
    sign_in,
    static,
    statistics,
    tickets,
    tokens,
    users,
    wall,
)
from hub.adapters.web.pages.assets import load_assets
from hub.adapters.web.pages.page import PAGES, Pages, make_templates
from hub.adapters.web.problems import SHOW_PROBLEM


def add_pages(app: web.Application) -> None:
    """Add the panel to an application that has the API; OSError or ValueError when its files are not in order."""
    app[PAGES] = Pages(load_assets(), load_texts(), make_templates())
    app[SHOW_PROBLEM] = failures.show
    app.router.add_get("/", board.show)
    app.router.add_get("/wall", wall.show)
    app.router.add_get("/codes/new", codes.ask)
    app.router.add_post("/codes/new", codes.give)
    app.router.add_get("/codes/issued", codes.show_issued)
    app.router.add_get("/tickets", tickets.show_many)
    app.router.add_get("/sessions/{id}/ticket", tickets.show_one)
    app.router.add_get("/sessions", sessions.show_all)
    app.router.add_get("/sessions.csv", sessions.export)
    app.router.add_get("/sessions/{id}", sessions.show_one)
    app.router.add_post("/sessions/{id}", sessions.edit)
    for name, act in sessions.ACTS.items():
        app.router.add_post(f"/sessions/{{id}}/{name}", act)
    app.router.add_get("/users", users.show_all)
    app.router.add_get("/users.csv", users.export)
    app.router.add_get("/users/new", users.ask)
    app.router.add_post("/users/new", users.register)
    app.router.add_get("/users/{id}", users.show_one)
    app.router.add_get("/users/{id}/edit", users.show_edit)
    app.router.add_post("/users/{id}/edit", users.edit)
    for name, act in users.ACTS.items():
        app.router.add_post(f"/users/{{id}}/{name}", act)
    app.router.add_get("/journal", journal.show)
    app.router.add_get("/journal.csv", journal.export)
    app.router.add_get("/posts", posts.show_all)
    app.router.add_get("/posts/{id}", posts.show_one)
    app.router.add_post("/posts/{id}", posts.edit)
    for name, act in (posts.DESK_ACTS | posts.HOUSE_ACTS).items():
        app.router.add_post(f"/posts/{{id}}/{name}", act)
    app.router.add_post("/posts/{id}/credentials", node_files.rotate)
    app.router.add_get("/new-post", node_files.ask_name)
    app.router.add_post("/new-post", node_files.add)
    app.router.add_get("/new-post/hardware", node_files.ask_hardware)
    app.router.add_get("/new-post/wiring/{id}", node_files.draw_wiring)
    app.router.add_post("/new-post/file", node_files.download)
    app.router.add_get("/statistics", statistics.show)
    for name, export in statistics.EXPORTS.items():
        app.router.add_get(f"/statistics/{name}.csv", export)
    _add_house(app)
    app.router.add_get("/sign-in", sign_in.show)
    app.router.add_post("/sign-in", sign_in.submit)
    app.router.add_post("/sign-out", sign_in.leave)
    app.router.add_get("/api/docs", api_docs.show)
    app.router.add_get("/static/{name}", static.serve)


def _add_house(app: web.Application) -> None:
    """What the house decides, and who may come in."""
    app.router.add_get("/settings", settings.show)
    app.router.add_post("/settings", settings.change)
    app.router.add_get("/operators", operators.show_all)
    app.router.add_post("/operators", operators.make)
    app.router.add_get("/operators/{id}", operators.show_one)
    for name, act in operators.ACTS.items():
        app.router.add_post(f"/operators/{{id}}/{name}", act)
    app.router.add_get("/operators/tokens", tokens.show)
    app.router.add_post("/operators/tokens", tokens.make)
    app.router.add_post("/operators/tokens/{id}/revoke", tokens.revoke)
    app.router.add_get("/me", me.show)
    for path, answer in me.FORMS.items():
        app.router.add_post(f"/me/{path}", answer)
