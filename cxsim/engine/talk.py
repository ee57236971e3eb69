"""Word of mouth and reviews, after the desks have closed: told to those one is tied to, heard in the order of speakers.

Ties are pure functions of the customer's own stream: everybody is tied to the few before them in line, some of these
ties lead far away instead; told of a journey are those one is tied to, and the neighbours tied to oneself. A small
world after Watts and Strogatz 1998, on a line instead of a ring, so that nobody's ties change when others come or go.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cxsim.compiling import inner
from cxsim.engine import streams
from cxsim.engine.columns import ACTIVE, HEARD, LEFT, PROSPECT
from cxsim.engine.encounter import settle_adequate
from cxsim.engine.signals import heed
from cxsim.engine.streams import uniforms
from cxsim.engine.tally import J_REVIEW_STARS, J_REVIEWS, J_TOLD_BAD, J_TOLD_GOOD
from cxsim.engine.world import World
from cxsim.rules.expectations import approach
from cxsim.rules.talk import review_level, telling_probability


@inner
def tie(tables: Any, number: int, place: int) -> int:
    """Customer at the other end of one's own tie: the one so many places before, or, if rewired, anybody before.

    Returns -1 where there is none. It depends on nobody after the customer, so a newcomer changes nobody's ties.
    """
    rewired, where = uniforms(tables.key, number, 0, 0, streams.TIE + 256 * place)
    if rewired < tables.setting.rewired:
        return int(where * number) if number > 0 else -1
    return max(number - place - 1, -1)


@inner
def talk(world: World) -> None:
    """Let those whose journey ended today tell of it, in the order in which they were noted."""
    state = world.state[0]
    state.left_count = 0
    for place in range(state.due_count + state.late_speakers):
        i = world.speakers[place]
        if i >= 0 and world.customers[i].has_news != 0:
            tell(world, i)
            if world.customers[i].status == LEFT:  # whoever leaves ends a journey, so is among today's speakers
                world.due[state.left_count] = i
                state.left_count += 1
    state.late_speakers = 0


@inner
def tell(world: World, i: int) -> None:
    """Tell those one is tied to, and now and then everybody in a review."""
    row, tables, state = world.customers[i], world.tables[0], world.state[0]
    p, setting, tally = tables.parameters, tables.setting, world.lanes[0].journeys
    row.has_news = 0
    news, level = np.float64(row.news), np.float64(row.news_level)
    chance = telling_probability(news, p.talk_base, p.talk_slope, p.talk_negative)
    for place in range(setting.ties // 2):
        for_own, for_ahead = uniforms(tables.key, row.number, row.journeys, 0, streams.TELLING + 256 * place)
        ahead = i + place + 1
        if for_own < chance:
            own = tie(tables, i, place)
            if own >= 0:
                tally[J_TOLD_BAD if news < 0.0 else J_TOLD_GOOD] += 1.0
                hear(world, own, news, level)
        if for_ahead < chance and ahead < len(world.customers) and tie(tables, ahead, place) == i:
            tally[J_TOLD_BAD if news < 0.0 else J_TOLD_GOOD] += 1.0
            hear(world, ahead, news, level)
    drawn, _ = uniforms(tables.key, row.number, row.journeys, 0, streams.REVIEW)
    if drawn < chance * p.review_share:
        state.reviews += 1.0
        state.review_levels += review_level(news)
        tally[J_REVIEWS] += 1.0
        tally[J_REVIEW_STARS] += 1.0 + 4.0 * review_level(news)


@inner
def hear(world: World, i: int, news: float, level: float) -> None:
    """What a friend got moves what one thinks will happen, bad news more; and what one would like, if it was more."""
    row, tables = world.customers[i], world.tables[0]
    if row.status not in (ACTIVE, PROSPECT):
        return
    p = tables.parameters
    weight = p.word_of_mouth_weight * np.float64(row.talk_exposure)
    if news < 0.0:
        weight *= p.heard_negative
    weight = min(weight, 1.0)
    heed(row, HEARD, weight, level)
    for d in range(3):
        row.predicted[d] = approach(row.predicted[d], level, weight)
        if level > row.desired[d]:
            row.desired[d] = approach(row.desired[d], level, p.wom_desired)
        settle_adequate(row, d, p, tables.setting, 0.0)
