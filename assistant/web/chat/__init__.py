"""The chat: a conversation -> what its reader sees. The only part that imports Gradio.

Never searches by itself: it asks the engine.
"""

import os

# Gradio reads these once, on import. A package's own file is the one place that is certain to run
# before any module in it imports Gradio.
os.environ |= {
    # Else Gradio, and the Hugging Face library that it brings, tell their makers of every start.
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # Statistics for Gradio's monitoring page, which is closed: it would load pandas and make a
    # table of all past questions' times anew after each question.
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**12),
}
