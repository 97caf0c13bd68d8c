"""A real LLM server, llama.cpp's, with a model of our own making that knows nothing and babbles.

    with llama_cpp(folder, Babble.WORDS) as url:
        settings = Settings(llm="openai-like:tiny", llm_url=url)

As a module it is that server: python -m tests.llama_cpp MODEL.gguf
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from signal import pause

import gguf
import numpy as np
import xllamacpp

from tests.running import ROOT, free_port

_WIDTH, _HEADS, _CONTEXT = 32, 4, 8_192
_SPACE = "\u2581"  # how a vocabulary of SentencePiece writes a blank
_SPECIAL = ("<unk>", "<s>", "</s>")
_WORDS = (
    "Das",
    " Netzwerk",
    " Mitglieder",
    " hat",
    " 2023",
    " [1]",
    " [2]",
    ".",
    ". ",
    " NO_ANSWER",
)


class Babble(Enum):
    """What a model says, whatever it is asked: weights are drawn, and these made likelier."""

    BYTES = "any bytes, also such as are no text"
    WORDS = "words, numbers and markers in any order"
    NOTHING = "the end, at once"


@contextmanager
def llama_cpp(folder: Path, babble: Babble) -> Iterator[str]:
    """The address of a server with such a model, for as long as the block runs."""
    model = folder / f"{babble.name}.gguf"
    _write(model, babble)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.llama_cpp", str(model)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    try:
        address = process.stdout.readline().strip()
        assert address, "llama.cpp has ended before it listened."
        yield f"{address}/v1"
    finally:
        process.kill()
        process.communicate()


def _write(path: Path, babble: Babble) -> None:
    """A model of one layer in llama.cpp's format; see gguf's documentation for the names."""
    tokens = [*_SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256)), *_WORDS]
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    kinds += [gguf.TokenType.BYTE] * 256 + [gguf.TokenType.NORMAL] * len(_WORDS)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(2 * _WIDTH)
    writer.add_head_count(_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([token.replace(" ", _SPACE).encode() for token in tokens])
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template("{% for m in messages %}{{ m['content'] }}\n{% endfor %}")
    for name, weights in _weights(len(tokens), babble).items():
        writer.add_tensor(f"{name}.weight", weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _weights(vocabulary: int, babble: Babble) -> dict[str, np.ndarray]:
    drawn = np.random.default_rng(4)

    def some(*shape: int) -> np.ndarray:
        return drawn.normal(0.0, 0.3, shape).astype(np.float32)

    ones, square = np.ones(_WIDTH, np.float32), (_WIDTH, _WIDTH)
    output = some(vocabulary, _WIDTH)
    if babble is not Babble.BYTES:
        likely = slice(2, 3) if babble is Babble.NOTHING else slice(len(_SPECIAL) + 256, None)
        unlikely = np.ones(vocabulary, bool)
        unlikely[likely] = False
        output[unlikely] = 0.0
        output[likely] *= 20.0
    layer = {
        **{f"attn_{name}": some(*square) for name in ("q", "k", "v", "output")},
        **dict.fromkeys(("attn_norm", "ffn_norm"), ones),
        **{name: some(2 * _WIDTH, _WIDTH) for name in ("ffn_gate", "ffn_up")},
        "ffn_down": some(_WIDTH, 2 * _WIDTH),
    }
    return {
        "token_embd": some(vocabulary, _WIDTH),
        "output_norm": ones,
        "output": output,
        **{f"blk.0.{name}": weights for name, weights in layer.items()},
    }


def _serve(model: str) -> None:
    given = xllamacpp.CommonParams()
    given.model.path = model
    given.hostnames, given.port = ["127.0.0.1"], free_port()
    given.n_ctx, given.n_parallel, given.cpuparams.n_threads = _CONTEXT, 1, 1
    given.ui, given.warmup, given.offline = False, False, True
    server = xllamacpp.Server(given)
    print(server.listening_address, flush=True)
    pause()


if __name__ == "__main__":
    _serve(sys.argv[1])
