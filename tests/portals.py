"""Web pages in the shapes of press portals: each has the same release, in another frame."""

from typing import Final

_FIRST: Final = """Am 6. März 2024 hat das Cluster Ostsee in Greifswald ein Labor für Plasmamedizin
eröffnet. Es kostet 2,3 Millionen Euro und bietet 24 Arbeitsplätze."""
_SECOND: Final = "Die Leitung übernimmt Professorin Ines Kruse, die zuvor in Rostock geforscht hat."
_THIRD: Final = "Träger sind die Universität Greifswald und die Plasma Nord GmbH je zur Hälfte."
OWN: Final = f"<p>{_FIRST}</p>\n<p>{_SECOND}</p>\n<p>{_THIRD}</p>"
FACTS: Final = ("Neues Labor", "2,3 Millionen Euro", "Ines Kruse", "Plasma Nord GmbH")
FRAME: Final = (
    *("Startseite", "Fachtag", "Sommerfest", "Cookies", "Impressum", "Teilen", "abonnieren"),
    *("Anmelden", "Suchbegriff", "Barrierefreiheit", "Nach oben", "Seite drucken", "Kommentar"),
)

_MENU: Final = "<li><a href=/>Startseite</a></li><li><a href=/t>Fachtag</a></li>"
_TEASERS: Final = """<a href=/1><h3>Fachtag ausgebucht</h3><p>Der Fachtag im Mai ist ausgebucht.</p>
    </a><a href=/2><h3>Sommerfest der Branche</h3><p>Das Sommerfest ist am 3. Juli.</p></a>"""

PORTALS: Final = {
    "bootstrap": f"""<body><nav class="navbar navbar-expand-lg"><ul class="navbar-nav">{_MENU}</ul>
        <form class="d-flex"><input placeholder="Suchbegriff"><button>Suchbegriff eingeben</button>
        </form></nav><div class="container"><div class="row"><div class="col-md-8">
        <h1>Neues Labor</h1>{OWN}</div><div class="col-md-4 sidebar">{_TEASERS}</div></div></div>
        <footer class="footer"><a>Impressum</a> <a>Barrierefreiheit</a></footer></body>""",
    "typo3": f"""<body><div id="top-bar"><a href="#c1" class="skip-link">Nach oben</a></div>
        <div id="main-nav" role="navigation"><ul>{_MENU}</ul></div><div class="breadcrumb-wrap">
        <ol class="breadcrumb"><li>Startseite</li><li>Presse</li></ol></div><div id="c1"
        class="frame frame-default frame-type-news"><div class="article" itemscope
        itemtype="http://schema.org/Article"><div class="header"><h1 itemprop="headline">Neues
        Labor</h1></div><div class="news-text-wrap" itemprop="articleBody">{OWN}</div></div></div>
        <div class="footer-section"><footer><ul><li>Impressum</li></ul></footer></div></body>""",
    "wordpress blocks": f"""<body class="wp-singular"><header class="wp-block-template-part"><nav
        class="wp-block-navigation"><ul>{_MENU}</ul></nav></header><main class="wp-block-group">
        <h1 class="wp-block-post-title">Neues Labor</h1><div class="entry-content
        wp-block-post-content">{OWN}</div><div class="wp-block-comments"><h2>Kommentar
        schreiben</h2><form><textarea></textarea></form></div></main><footer
        class="wp-block-template-part"><p>Impressum</p></footer></body>""",
    "drupal": f"""<body class="path-node"><header role="banner"><div class="region-header"><div
        class="block-menu"><ul>{_MENU}</ul></div></div></header><main role="main"><article
        class="node node--type-article"><h1 class="page-title">Neues Labor</h1><div
        class="node__content"><div class="field--name-body">{OWN}</div></div></article></main>
        <aside class="region-sidebar-second" role="complementary">{_TEASERS}</aside>
        <footer role="contentinfo"><p>Impressum</p></footer></body>""",
    "joomla": f"""<body class="site com_content"><header class="header"><ul class="nav menu">{_MENU}
        </ul></header><main id="content"><div class="item-page"><div class="page-header">
        <h2>Neues Labor</h2></div><div itemprop="articleBody">{OWN}</div><ul class="pagination">
        <li>Fachtag</li></ul></div></main><div id="aside" class="sidebar-right">{_TEASERS}</div>
        <footer class="footer">Impressum</footer></body>""",
    "a press service": f"""<body><header><a>Anmelden</a></header><div class="card-body"><article>
        <p class="date">06.03.2024 &ndash; 10:15</p><p class="customer">Cluster Ostsee</p>
        <h1>Neues Labor</h1><p><i>Greifswald (ots)</i> - {_FIRST}</p><p>{_SECOND}</p>
        <p>{_THIRD}</p></article></div><div class="social share"><ul><li>Teilen</li></ul></div>
        <section class="related">{_TEASERS}</section></body>""",
    "an agency": f"""<body><div class="cookie-layer" role="dialog" aria-label="Cookies"><p>Diese
        Seite setzt Cookies. Sie können Cookies ablehnen.</p><button>Alle Cookies annehmen</button>
        </div><div class="page"><div class="stage"><h1>Neues Labor</h1></div><div
        class="content-main"><div class="rte">{OWN}</div></div><div class="teaser-list">
        {_TEASERS}</div></div><footer>Impressum</footer></body>""",
    "a ministry": f"""<body><ul class="skip-links"><li>Nach oben</li></ul><header><nav><ul>{_MENU}
        </ul></nav></header><main><div class="c-breadcrumb">Startseite</div><article
        class="c-press"><header><h1>Neues Labor</h1></header>{OWN}<footer class="c-press__tools">
        <button>Seite drucken</button></footer></article></main><footer><p>Barrierefreiheit</p>
        </footer></body>""",
    "a university": f"""<body><div id="header"><form role="search"><label>Suchbegriff</label><input>
        </form></div><div id="navigation"><ul>{_MENU}</ul></div><div id="content"><h1>Neues
        Labor</h1>{OWN}</div><div id="related" class="related-news">{_TEASERS}</div><div id="footer"
        class="site-footer">Impressum</div></body>""",
    "sections": f"""<body><header><nav>{_MENU}</nav></header><section class="hero"><h1>Neues
        Labor</h1></section><section class="text">{OWN}</section><section
        class="newsletter-box"><h2>Newsletter abonnieren</h2><form><input></form></section>
        <footer>Impressum</footer></body>""",
    "a magazine": f"""<body><header class="site-header"><div class="menu"><ul>{_MENU}</ul></div>
        </header><main><article><h1>Neues Labor</h1><div class="share-buttons"><span>Teilen</span>
        </div><p>{_FIRST}</p><aside class="related-inline">{_TEASERS}</aside><p>{_SECOND}</p>
        <p>{_THIRD}</p></article></main><footer>Impressum</footer></body>""",
    "an app": f"""<body><div id="app"><div class="v-application"><header class="v-toolbar"><a>Start
        seite</a></header><main class="v-main"><div class="v-main__wrap"><div class="container"><h1>
        Neues Labor</h1><div class="text-body">{OWN}</div></div></div></main><footer>Impressum
        </footer></div></div><noscript>Bitte Cookies erlauben.</noscript></body>""",
    "old frames": f"""<body bgcolor="#ffffff"><table width="100%"><tr><td colspan="2"><a>Startseite
        </a> | <a>Fachtag</a> | <a>Impressum</a></td></tr><tr><td width="20%"><a>Sommerfest</a><br>
        <a>Anmelden</a></td><td><h3><font size="4">Neues Labor</font></h3>{OWN}</td></tr></table>
        </body>""",
    "a modal": f"""<body><div class="modal fade" id="consent"><div class="modal-body"><h2>Cookies
        </h2><p>Wir brauchen Cookies für die Statistik und für Videos von anderen.</p></div></div>
        <header class="site-header"><ul class="main-menu">{_MENU}</ul></header><main><h1>Neues
        Labor</h1>{OWN}<nav class="pagination"><a>Fachtag</a></nav></main></body>""",
}
