"""What quotations, heads of answered mails, closings and devices look like, in many languages."""

from __future__ import annotations

import re

QUOTED = re.compile(r"[ \t]{0,2}>")
LONGEST_INTRO = 400
VERBS = (
    r"wrote|writes|schrieb|schreibt|a écrit|écrit|escribió|escribio|escreveu|ha scritto|scrisse"
    r"|schreef"
    r"|geschreven|skrev|skrifaði|kirjoitti|napsala?|napísala?|napisał(?:a|\(a\))?|pisze|írta|yazdı"
    r"|a scris|написала?|написав|пише|пишет|έγραψε|rašė|rakstīja|kirjutas|je napisal[ao]?"
)
DAYS = r"On|Am|Le|El|Em|Il|Op|Den|Dne|Dňa|W dniu|Dnia|På|Pe|Dana|Ha|Vào|Στις|Em"
INTRO = re.compile(
    rf"(?:{DAYS})\b.*(?<!\w)(?:{VERBS})(?!\w).*:|(?=.*\d).*<?[^\s<>]+@[^\s<>]+>?.{{0,60}}:"
    rf"|.*\d.*(?<!\w)(?:{VERBS})(?!\w).{{0,40}}:"
    r"|.*\d.*(?:写道|寫道|のメール|님이 작성|さん(?:は|が)書きました)"
    r".{0,20}[::]",
    re.IGNORECASE,
)
INTRO_BEGINS = re.compile(rf"\s*(?:(?:{DAYS})\b|.*\d|.*@|.*[::]\s*$)", re.IGNORECASE)
SAYS = re.compile(rf"(?<!\w)(?:{VERBS})(?!\w)|写道|寫道|のメール|님이 작성", re.IGNORECASE)
DIVIDER = re.compile(
    r"\s*(?:[-_*]{2,}\s*(?:original message|original-nachricht|originalnachricht|ursprüngliche"
    r" nachricht"
    r"|message d'origine"
    r"|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk"
    r" bericht"
    r"|forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio"
    r" inoltrato"
    r"|doorgestuurd bericht)\s*[-_*]{2,}|begin forwarded message:|anfang der weitergeleiteten"
    r" (?:e-mail|nachricht):"
    r"|début du message (?:transféré|réexpédié)\s?:)\s*",
    re.IGNORECASE,
)
SENDER = re.compile(
    r"\s*\*?(?:From|Von|De|Da|Van|Från|Fra|Od|Lähettäjä|Feladó|Kimden|De la|От|Від|Από"
    r"|发件人|寄件者|差出人"
    r"|보낸 사람)\s?[::]\*?\s*\S.*",
    re.IGNORECASE,
)
HEADER = re.compile(
    r"\s*\*?(?:Sent|Date|To|Subject|Cc|Gesendet|Datum|An|Betreff|Envoyé|À|Objet|Enviado(?: el)?"
    r"|Fecha"
    r"|Enviada(?: em)?|Para|Asunto|Assunto|Data|Inviato|A|Oggetto|Verzonden|Aan|Onderwerp"
    r"|Skickat|Till"
    r"|Ämne|Sendt|Til|Emne|Lähetetty|Vastaanottaja|Aihe|Wysłano|Do|Temat|Odesláno|Komu|Předmět"
    r"|Odoslané"
    r"|Predmet|Küldve|Címzett|Tárgy|Gönderildi|Kime|Konu|Trimis|Către|Subiect|Отправлено|Дата"
    r"|Кому|Тема"
    r"|Надіслано|Στάλθηκε|Προς|Θέμα"
    r"|发送时间|收件人|主题|寄件日期|收件者"
    r"|主旨|送信日時|宛先|件名|보낸 날짜"
    r"|받는 사람|제목)\s?[::]\*?.*",
    re.IGNORECASE,
)
RULE = re.compile(r"\s*(?:_{8,}|-{16,}|\*{8,})\s*")
SIGNATURE = re.compile(r"--[ \t\xa0]*")
PROGRAMS = (
    r"proton ?mail|spark|superhuman|mailspring|airmail|outlook|gmail|gmx|yahoo|thunderbird"
    r""
    r"|missive|mimestream|blackberry|fastmail|tutanota|tuta|zoho|web\.de|t-online|freenet"
    r"|mail\.ru"
    r"|libero|laposte|k-9|fairemail|bluemail|aqua mail|windows|apple mail"
)
DEVICES = (
    r"iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|pixel|oneplus|nokia|sony|lg|motorola"
    r"|mobile"
    r"|mobil|smartphone|handy|phone|tablet|telefon|téléphone|móvil|celular|cellulare|telefono"
    r"|telemóvel"
)
DEVICE = re.compile(
    rf"(?:sent (?:from|with|via|using) .{{0,30}}?(?:{DEVICES}|{PROGRAMS})\b[^,;:]{{0,40}}"
    rf"|von meinem .{{1,40}} gesendet|gesendet (?:mit|von|über) .{{0,30}}?(?:{DEVICES}"
    rf"|{PROGRAMS})\b"
    r"[^,;:]{0,40}|diese nachricht wurde von .{1,40} gesendet"
    rf"|(?:envoyé (?:de|depuis|avec)|enviado (?:desde|do|com)|inviato (?:da|con)|verzonden"
    rf" (?:vanaf|met)"
    rf"|skickat från|sendt fra|wysłane z) .{{0,30}}?(?:{DEVICES}|{PROGRAMS})\b[^,;:]{{0,40}}"
    r"|get outlook for .{1,40}|outlook für .{1,40} (?:herunterladen|beziehen)|via mobile)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"(?:(?:best|kind|warm|warmest|many)?\s?(?:regards|wishes)|cheers|thanks|thank you|many"
    r" thanks|all the best|best"
    r"|sincerely"
    r"|yours(?: sincerely| truly)?|(?:viele|liebe|beste|schöne|herzliche|freundliche) grüße|mit"
    r" freundlichen grüßen"
    r"|mfg|lg|vg"
    r"|cordialement|bien à vous|un saludo|saludos(?: cordiales)?|cordiali saluti|met vriendelijke"
    r" groet(?:en)?"
    r"|с уважением)[ ,.!]*",
    re.IGNORECASE,
)
CLOSING_LINES = 7
LISTED = re.compile(r"(?:\d{1,2}[.)]|[-*•])\s+\S")
