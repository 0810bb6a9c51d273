"""The words of letters and acts, and how long a letter is tried."""

from app.notifications.rules.acts import ACTS, PURPOSES, ActWords, act_words, own_words, told_facts
from app.notifications.rules.delivery import LONGEST_PAUSE, MOST_ATTEMPTS, OUTSIDE, end_of, next_try_after
from app.notifications.rules.letters import LetterWords, letter_words, subject_path
from app.notifications.rules.words import Sentence, say

__all__ = [
    "ACTS",
    "LONGEST_PAUSE",
    "MOST_ATTEMPTS",
    "OUTSIDE",
    "PURPOSES",
    "ActWords",
    "LetterWords",
    "Sentence",
    "act_words",
    "end_of",
    "letter_words",
    "next_try_after",
    "own_words",
    "say",
    "subject_path",
    "told_facts",
]
