"""Which rule's flags were least often followed by progress."""

from data.rules.rule_scores import RuleScore, least_followed


def test_it_is_the_one_with_the_smallest_share_of_those_that_tell() -> None:
    often = RuleScore("stuck", made=40, settled=20, moved=10)
    seldom = RuleScore("failed", made=90, settled=50, moved=10)
    assert least_followed([often, seldom]) is seldom
    assert least_followed([often]) is often


def test_too_few_flags_tell_nothing() -> None:
    few = RuleScore("doubtful", made=90, settled=9)
    assert least_followed([few]) is None
    assert least_followed([]) is None
    enough = RuleScore("stuck", made=10, settled=10, moved=9)
    assert least_followed([few, enough]) is enough


def test_of_two_alike_it_is_the_one_with_more_flags() -> None:
    fewer = RuleScore("a", settled=10, moved=1)
    more = RuleScore("b", settled=20, moved=2)
    assert least_followed([fewer, more]) is least_followed([more, fewer]) is more
