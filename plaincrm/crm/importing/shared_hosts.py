"""Hosts that many companies share: such an address names a page on them, no company."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from plaincrm.interchange.csv.column_words import word_set

_SHARED = word_set("""
facebook.com fb.com instagram.com linkedin.com twitter.com x.com youtube.com tiktok.com
pinterest.com threads.net xing.com vk.com t.me wa.me whatsapp.com snapchat.com twitch.tv
reddit.com tumblr.com medium.com substack.com behance.net dribbble.com vimeo.com soundcloud.com
spotify.com bandcamp.com patreon.com etsy.com ebay.com ebay.de amazon.com amazon.de airbnb.com
booking.com tripadvisor.com yelp.com google.com goo.gl maps.app.goo.gl g.page business.site
sites.google.com linktr.ee beacons.ai about.me carrd.co bit.ly tinyurl.com t.co ow.ly is.gd
buff.ly rebrand.ly lnkd.in cutt.ly github.com gitlab.com notion.so notion.site wordpress.com
blogspot.com wixsite.com jimdo.com weebly.com squarespace.com shopify.com
""")
FREE_MAIL = word_set("""
gmail.com googlemail.com outlook.com outlook.de hotmail.com hotmail.de hotmail.fr hotmail.co.uk
live.com live.de msn.com yahoo.com yahoo.de yahoo.fr yahoo.co.uk ymail.com icloud.com me.com
mac.com aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de posteo.de
mailbox.org arcor.de orange.fr free.fr laposte.net sfr.fr wanadoo.fr libero.it virgilio.it
tiscali.it alice.it wp.pl o2.pl onet.pl interia.pl ziggo.nl kpnmail.nl xs4all.nl sapo.pt
uol.com.br bol.com.br terra.com.br proton.me protonmail.com tutanota.com mail.com mail.ru
yandex.ru qq.com 163.com fastmail.com zoho.com online.no bluewin.ch seznam.cz btinternet.com
comcast.net
""")
_WWW = re.compile(r"^(?:www|m|de-de|mobile)\.")


def of_site(site: str) -> str:
    """The host of a web address; of a page on a shared host that page; empty for none."""
    try:
        parts = urlsplit(site.strip() if "//" in site else f"//{site.strip()}")
        host = _WWW.sub("", (parts.hostname or "").casefold())
    except ValueError:
        return ""
    if not is_shared(host):
        return host
    page = parts.path.strip("/").casefold()
    return f"{host}/{page}" if page else ""


def is_shared(host: str) -> bool:
    """Whether a host, or the one that it is part of, belongs to many."""
    return host in _SHARED or host in FREE_MAIL
