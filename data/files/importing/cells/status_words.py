"""Words that learning platforms and people write for a status, and for "there is no value"."""

import re
from typing import Final

from data.files.importing.folding import fold
from data.rules.progress import Status

# Separated by "|". Only words that mean one status and nothing else: "passed" may be said of what goes on.
_WORDS: Final = {
    "English": (
        "not started|not begun|unstarted|not yet started|not attempted",
        "in progress|started|underway|under way|ongoing|on going|begun|in process|partially completed",
        "completed|complete|done|finished",
    ),
    "German": (
        "nicht begonnen|nicht gestartet|noch nicht begonnen|noch nicht gestartet|nicht angefangen",
        "in bearbeitung|begonnen|angefangen|gestartet|in arbeit|läuft",
        "abgeschlossen|fertig|erledigt|beendet",
    ),
    "French": (
        "non commencé|non commencée|pas commencé|pas commencée|pas encore commencé|non démarré|à faire",
        "en cours|commencé|commencée|démarré|entamé",
        "terminé|terminée|achevé|achevée|complété|complétée|fini|finie|effectué",
    ),
    "Spanish": (
        "no iniciado|no iniciada|sin empezar|sin iniciar|no empezado|no comenzado|sin comenzar",
        "en curso|en progreso|en proceso|iniciado|iniciada|empezado|comenzado",
        "completado|completada|completo|terminado|terminada|finalizado|finalizada|hecho",
    ),
    "Italian": (
        "non iniziato|non iniziata|non cominciato|da iniziare",
        "in corso|iniziato|iniziata|cominciato|in svolgimento",
        "completato|completata|terminato|finito|concluso",
    ),
    "Portuguese": (
        "não iniciado|não iniciada|não começado|por iniciar",
        "em andamento|em curso|em progresso|iniciado|começado",
        "concluído|concluída|terminado|finalizado|completado",
    ),
    "Dutch": (
        "niet gestart|niet begonnen|nog niet begonnen|nog niet gestart",
        "bezig|in uitvoering|gestart|begonnen|mee bezig",
        "voltooid|afgerond|klaar|gereed",
    ),
    "Polish": (
        "nierozpoczęte|nie rozpoczęto|nierozpoczęty",
        "w trakcie|w toku|rozpoczęte|rozpoczęto",
        "ukończone|ukończono|zakończone|zakończono|gotowe",
    ),
    "Czech": (
        "nezahájeno|nezačato|nezahájen",
        "probíhá|rozpracováno|zahájeno|v průběhu",
        "dokončeno|splněno|hotovo|dokončen",
    ),
    "Swedish, Danish, Norwegian": (
        "ej påbörjad|inte påbörjad|ej påbörjat|ikke påbegyndt|ikke startet|ikke påbegynt|ikke begyndt",
        "pågår|pågående|påbörjad|påbegyndt|påbegynt|i gang|igångsatt|startet",
        "slutförd|slutfört|avslutad|färdig|fuldført|gennemført|afsluttet|fullført|gjennomført|ferdig",
    ),
    "Finnish": ("ei aloitettu|aloittamatta", "kesken|aloitettu", "valmis|suoritettu"),
    "Turkish": ("başlamadı|başlanmadı", "devam ediyor|başladı", "tamamlandı|bitti"),
    "Hungarian, Romanian": (
        "nincs elkezdve|nem kezdődött el|neînceput|neîncepută",
        "folyamatban|în curs|în desfășurare|început",
        "befejezve|teljesítve|kész|finalizat|completat|terminat",
    ),
    "Greek": ("δεν έχει ξεκινήσει", "σε εξέλιξη", "ολοκληρώθηκε|ολοκληρωμένο"),
    "Russian, Ukrainian": (
        "не начато|не начат|не начиналось|не розпочато",
        "в процессе|начато|выполняется|в процесі|розпочато",
        "завершено|завершен|выполнено|закончено|виконано",
    ),
    "Arabic, Hebrew": ("لم يبدأ|לא התחיל", "قيد التقدم|قيد التنفيذ|בתהליך", "مكتمل|اكتمل|הושלם"),
    "Chinese": ("未开始|未開始|尚未开始|尚未開始", "进行中|進行中", "已完成|完成"),
    "Japanese, Korean": (
        "未着手|시작 안 함|시작 전",
        "実施中|진행 중|진행중",
        "完了|修了|완료|완료됨",
    ),
}

STATUS_WORDS: Final = {
    fold(word): status
    for words in _WORDS.values()
    for status, some in zip(Status, words, strict=True)
    for word in some.split("|")
} | {fold(status.value): status for status in Status}
"""By the folded word."""

STATUS_TEXTS: Final = tuple("|".join(words).replace("|", " ") for words in _WORDS.values())
"""The same as they are written, by language."""

_UNFINISHED: Final = (
    "not completed|not complete|incomplete|uncompleted|not finished|not done|unfinished|open",
    "nicht abgeschlossen|unvollständig|non terminé|pas terminé|inachevé|incomplet|non achevé",
    "no completado|no completada|no finalizado|incompleto|non completato|incompleta|não concluído",
    "niet voltooid|onvoltooid|nieukończone|nie ukończono|nedokončeno|ej slutförd|ikke fuldført",
    "ikke fullført|tamamlanmadı|не завершено|未完成|未完了|미완료",
)
UNFINISHED: Final = frozenset(fold(word) for words in _UNFINISHED for word in words.split("|"))
"""Words for "not started" and for "in progress": they contradict only what is completed."""

_NO_VALUE: Final = (
    "-|–|—|−|--|---|ex|exc|excused|exempt|exempted|n/a|na|n.a.|#n/a|n/d|null|nil|none|\\n",
    "not attempted|not available|not graded|not yet graded|ungraded|no grade|no attempt|not submitted",
    "pending|needs grading|needs marking|not marked|unmarked|not assessed|tbd|missing|absent"
    "|abwesend|fehlt|krank|absente|ausente|assente|befreit|entschuldigt|k.a.|dispensé|exento|esonerato",
)
NO_VALUE: Final = frozenset(word for words in _NO_VALUE for word in words.split("|"))
"""What gradebooks write where there is no value."""
_NO_VALUE_FOLDED: Final = frozenset(key for word in NO_VALUE if len(key := fold(word)) > 1)

_SIGNS: Final = re.compile(r"[^\w\s().,:;!\"“”'’]")
EMPTIED: Final = "(empty)"
"""What empties a value, whatever else of the file does."""


def status_of(written: str) -> Status | None:
    """The status of a word; what is in brackets behind it explains: "Completed (achieved pass grade)"."""
    return STATUS_WORDS.get(fold(written)) or STATUS_WORDS.get(_without_brackets(written))


def is_unfinished(written: str) -> bool:
    """Does it say no more than that it is not completed?"""
    return _without_brackets(written) in UNFINISHED


def status_key(written: str) -> str:
    """A word of a status column as answers to it are kept: ✓ is not ✗, and A- is not A."""
    plain = _without_brackets(written)
    is_plain = plain and not _SIGNS.search(written)
    return plain if is_plain else " ".join(written.casefold().split())


def _without_brackets(written: str) -> str:
    return fold(re.sub(r"\([^()]*\)", " ", written)) or fold(written)


def says_no_value(written: str) -> bool:
    """Does a gradebook write it where there is no value?"""
    return written.casefold() in NO_VALUE or fold(written) in _NO_VALUE_FOLDED
