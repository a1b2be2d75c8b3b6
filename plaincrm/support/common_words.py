"""Words that stand in any question, English and German, and so say nothing of what it is about."""

from __future__ import annotations

from plaincrm.core.text.pattern import pattern

_WORD = pattern(r"[^\W\d_]+")
COMMON_WORDS = frozenset(
    _WORD.findall(
        """
        a about after again all also am an and any are as at be because been before being but by
        can cannot could did do does don for from get had has have help here how i if in into is it
        its just keep know like many me more most much my need needs no not now of off on one only
        or other our out over please problem question same should so some still such t s than that
        the their them then there these they thing this those through to too up us very was way we
        were what when where which while who why will with without would you your
        aber alle als am an auch auf aus bei bin bis bitte da das dass dein deine dem den der des
        die dies diese dieser doch du ein eine einem einen einer eines er es etwas frage gibt habe
        haben hat hallo hier ich ihr ihre im in ist ja kann kein keine man mehr mein meine mich mir
        mit muss nach nicht noch nun oder ohne schon sich sie sind so um und uns unser unsere viel
        vom von vor wann war warum was wenn wer werden wie wieder will wir wird wo wurde zu zum zur
        """
    )
)
