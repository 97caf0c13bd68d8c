"""The chat as an application of its own, to be mounted in the server's."""

from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from assistant.web.chat.chat import Chat
from assistant.web.chat.components import gr

_FONTS: Final = ["system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]


async def application(chat: Chat) -> FastAPI:
    """Gradio's application by itself; the middleware keeps it from answering CORS its own way.

    A coroutine, though it waits for nothing: where no event loop runs, Gradio opens one for each
    of its locks and never closes it.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(CORSMiddleware, allow_origins=[])
    fonts = [gr.themes.Font(name) for name in _FONTS]
    gr.mount_gradio_app(
        app,
        chat.blocks,
        path="/",
        theme=gr.themes.Base(font=fonts, font_mono=[gr.themes.Font("monospace")]),
        footer_links=[],
        show_error=False,
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        max_file_size=0,
    )
    return app
