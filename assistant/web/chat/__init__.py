"""The chat: a conversation -> what its reader sees. The only part that imports Gradio.

Never searches by itself: it asks the engine.
"""
