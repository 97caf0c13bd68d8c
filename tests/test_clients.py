"""The clients of others, as they are, with a server that really runs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import mcp
import openai
import pytest
from mcp.client.stdio import StdioServerParameters

from assistant import Client
from index.errors import ServerError, UsageError
from tests import pages
from tests.library import SEEDS
from tests.running import PATIENCE, ROOT, Server, environment, free_port, serving

CLIENTS = "docs/clients.md"
QUESTION = "Seit wann ist die BIOPRO Mitglied im CEBR?"
TOOLS = ["ask", "search", "documents", "document", "organisations", "partnerships", "timeline"]
FILE = "001_a305a8ea11b8cbe0.txt"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("clients")
    with serving(folder, "--seeds", str(SEEDS)) as running:
        yield running


# OpenAI's


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0) as client:
        yield client


def _asked(*said: str) -> list[Any]:
    """Messages, of a user and an assistant in turn."""
    roles = ("user", "assistant")
    return [{"role": roles[n % 2], "content": content} for n, content in enumerate(said)]


def test_openais_client_lists_the_one_model(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["clusterlotse"]
    assert client.models.retrieve("clusterlotse").object == "model"
    with pytest.raises(openai.NotFoundError, match="no model 'gpt'"):
        client.models.retrieve("gpt")


def test_openais_client_gets_an_answer_whose_sources_can_be_opened(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(
        model="clusterlotse", messages=_asked(QUESTION), temperature=0.2, tools=[]
    )
    message = completion.choices[0].message
    assert message.content and "April 2024" in message.content
    (first, *_) = message.annotations or []
    cited = first.url_citation
    assert message.content[cited.start_index : cited.end_index] == "[1]"
    page = client.get(cited.url.partition("#")[0], cast_to=str)
    assert "<mark" in page
    assert f"1. [{cited.title}]({cited.url})" in message.content
    assert completion.usage and completion.usage.completion_tokens > 10


def test_what_is_streamed_is_what_comes_as_a_whole(client: openai.OpenAI) -> None:
    asked: dict[str, Any] = {"model": "clusterlotse", "messages": _asked(QUESTION)}
    whole = client.chat.completions.create(**asked)
    chunks = list(
        client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    )
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text == whole.choices[0].message.content
    ends = [choice.finish_reason for chunk in chunks for choice in chunk.choices]
    assert ends[-1] == "stop"
    assert set(ends[:-1]) == {None}
    assert chunks[-1].usage == whole.usage


def test_earlier_messages_are_the_history_of_a_follow_up(client: openai.OpenAI) -> None:
    first = client.chat.completions.create(model="clusterlotse", messages=_asked(QUESTION))
    answer = first.choices[0].message.content or ""
    follow_up = client.chat.completions.create(
        model="clusterlotse", messages=_asked(QUESTION, answer, "Und wie viele Mitglieder hat er?")
    )
    told = follow_up.model_dump()["clusterlotse"]
    assert "CEBR" in told["searched"]
    assert told["answerable"]


def test_a_refusal_is_told_without_annotations(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(
        model="clusterlotse", messages=_asked("Wie backt man Apfelkuchen?")
    )
    assert completion.choices[0].message.annotations == []
    assert not completion.model_dump()["clusterlotse"]["answerable"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "Be brief."}]}, "no question"),
        ({"messages": [{"role": "user", "content": "x" * 2001}]}, "2001 characters"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "type text"),
        ({"n": 2}, "n: "),
        ({"extra_body": {"files": ["nothing.txt"]}}, "nothing.txt"),
        ({"extra_body": {"since": "soon"}}, "since: 'soon'"),
    ],
)
def test_what_does_not_fit_is_told_in_openais_form(
    client: openai.OpenAI, changed: dict[str, Any], told: str
) -> None:
    asked: dict[str, Any] = {"model": "clusterlotse", "messages": _asked(QUESTION)}
    with pytest.raises(openai.BadRequestError, match=told) as raised:
        client.chat.completions.create(**asked | changed)
    assert raised.value.type == "invalid_request_error"


# MCP's


def _with_tools(target: Any) -> dict[str, Any]:
    """What a client of MCP sees and gets."""
    seen: dict[str, Any] = {}

    async def look() -> None:
        async with mcp.Client(target) as client:
            seen["tools"] = (await client.list_tools()).tools
            for name, arguments in {
                "ask": {"question": QUESTION},
                "search": {"q": "CEBR", "size": 1},
                "documents": {"words": "cebr"},
                "document": {"file": FILE, "start": 43, "length": 110},
                "organisations": {"org": "CEBR"},
                "partnerships": {"org": "biosaxony"},
                "timeline": {"size": 1},
            }.items():
                seen[name] = await client.call_tool(name, arguments)
            seen["missing"] = await client.call_tool("document", {"file": "../app.py"})
            seen["unfit"] = await client.call_tool("search", {"q": ""})
            seen["no files"] = await client.call_tool("ask", {"question": "Wer?", "files": ["x"]})
            seen["resources"] = (await client.list_resources()).resources
            seen["read"] = (await client.read_resource(seen["resources"][1].uri)).contents[0]
            with pytest.raises(mcp.MCPError, match="no document at this address"):
                await client.read_resource("lotse://documents/%2e%2e/app.py")
            with pytest.raises(mcp.MCPError, match="There is no tool 'delete'"):
                await client.call_tool("delete", {})

    anyio.run(look)
    return seen


def _check(seen: dict[str, Any]) -> None:
    assert [tool.name for tool in seen["tools"]] == TOOLS
    assert all(tool.description and tool.output_schema for tool in seen["tools"])
    assert seen["ask"].structured_content["answerable"]
    assert "April 2024" in seen["ask"].content[0].text
    assert len(seen["search"].structured_content["passages"]) == 1
    assert [row["file"] for row in seen["documents"].structured_content["documents"]] == [FILE]
    assert seen["document"].structured_content["text"].startswith("Die BIOPRO")
    assert seen["organisations"].structured_content["total"] >= 1
    assert seen["partnerships"].structured_content["partnerships"][0]["evidence"]
    assert seen["timeline"].structured_content["partnerships"][0]["spans"]
    for name, told in {"missing": "No document", "unfit": "q: ", "no files": "'x'"}.items():
        assert seen[name].is_error
        assert told in seen[name].content[0].text
    assert len(seen["resources"]) == len(list(SEEDS.iterdir()))
    assert "CEBR" in seen["read"].text


def test_a_client_of_mcp_uses_all_tools_over_http(server: Server) -> None:
    seen = _with_tools(f"{server.url}/mcp")
    _check(seen)
    assert f"({server.url}/sources/{FILE}?" in seen["ask"].content[0].text


def _started(folder: Path, *arguments: str) -> StdioServerParameters:
    """How a program on a desk starts `app.py mcp`."""
    command = [str(ROOT / "app.py"), "mcp", "--seeds", str(SEEDS), *arguments]
    return StdioServerParameters(
        command=sys.executable, args=command, env=environment(), cwd=folder
    )


def test_a_client_of_mcp_uses_all_tools_on_standard_input(tmp_path: Path) -> None:
    seen = _with_tools(_started(tmp_path))
    _check(seen)
    assert f"(lotse://documents/{FILE})" in seen["ask"].content[0].text


def test_beside_a_server_the_tools_on_standard_input_are_the_servers(server: Server) -> None:
    seen = _with_tools(_started(server.folder))
    _check(seen)
    assert f"({server.url}/sources/{FILE}?" in seen["ask"].content[0].text


# Gradio's


def test_gradios_client_sees_one_endpoint_and_is_told_why_it_gets_no_answer(server: Server) -> None:
    code = (
        "import sys; from gradio_client import Client\n"
        "client = Client(sys.argv[1], verbose=False)\n"
        "described = client.view_api(return_format='dict', print_info=False)\n"
        "assert list(described['named_endpoints']) == ['/ask'], described\n"
        "assert not described['unnamed_endpoints'], described\n"
        "answer = client.predict(sys.argv[2], 'en', api_name='/ask')\n"
        "assert answer['language'] == 'en' and answer['citations'], answer\n"
        "try:\n"
        "    client.predict(' ', 'fr', api_name='/ask')\n"
        "except Exception as error:\n"
        "    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, server.url, QUESTION], capture_output=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "question" in done.stdout.decode()


# Ours


def test_our_client_asks_for_everything_and_tells_what_is_refused(server: Server) -> None:
    with Client(server.url) as client:
        assert "April 2024" in client.ask(QUESTION, language="de", store=False)["answer"]
        history = [{"question": QUESTION, "answer": "Seit April 2024. [1]"}]
        assert "CEBR" in client.ask("Und wie viele Mitglieder hat er?", history=history)["searched"]
        page = client.search("CEBR", files=["001*"], since="2024", language="de", size=2)
        assert {passage["file"] for passage in page["passages"]} == {FILE}
        assert client.document(FILE)["text"]
        assert {FILE} < {document["file"] for document in client.documents()}
        assert client.organisations(org="CEBR")
        assert client.partnerships(org="biosaxony")
        assert client.timeline()
        with pytest.raises(UsageError, match="No document's file is 'nothing'"):
            client.ask(QUESTION, files=["nothing"])
        with pytest.raises(UsageError, match="No document has this file"):
            client.document("nothing")
    away = Client(f"http://127.0.0.1:{free_port()}")
    with away, pytest.raises(ServerError, match="does not answer"):
        away.documents()


# What is documented


def _examples() -> list[str]:
    return [block for block in pages.blocks(CLIENTS) if "import " in block]


@pytest.mark.parametrize("example", _examples(), ids=lambda text: text.split()[1])
def test_the_documented_examples_run(example: str, server: Server, tmp_path: Path) -> None:
    code = example.replace("http://127.0.0.1:7860", server.url)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment({"LOTSE_SEEDS": str(SEEDS), "PYTHONPATH": str(ROOT)}),
        capture_output=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr.decode()
    printed = done.stdout.decode()
    assert "April 2024" in printed
    assert "127.0.0.1" not in printed or server.url in printed
