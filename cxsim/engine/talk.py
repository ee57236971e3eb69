"""Word of mouth and reviews, after the desks have closed: told to those one is tied to, heard in the order of speakers.

Ties are pure functions of the customer's own stream: everybody is tied to the few before them in line, some of these
ties lead far away instead; told of a journey are those one is tied to, and the neighbours tied to oneself. A small
world after Watts and Strogatz 1998, on a line instead of a ring, so that nobody's ties change when others come or go.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cxsim.compiling import inner, whole
from cxsim.engine import streams
from cxsim.engine.columns import ACTIVE, HEARD, LEFT, PROSPECT
from cxsim.engine.encounter import settle_adequate
from cxsim.engine.prefetch import prefetch
from cxsim.engine.signals import heed
from cxsim.engine.streams import four_uniforms, uniforms
from cxsim.engine.tally import J_REVIEW_STARS, J_REVIEWS, J_TOLD_BAD, J_TOLD_GOOD
from cxsim.engine.world import LANES, WAITING, World
from cxsim.rules.expectations import approach
from cxsim.rules.talk import review_level, telling_probability

OWN, THEIRS = 1, 1 << 16
"""Bits of the first of at most 16 own ties, and of the first tie of somebody ahead in line to oneself."""
TOLD = (1 << 32) - 1
REVIEWS, HAS_LEFT = 1 << 32, 1 << 33
AHEAD = 4
"""Speakers are fetched so many places before they speak."""


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
def tell(world: World, first: int, last: int) -> None:
    """Let the speakers of slices `first` to `last` (exclusive) choose whom they tell, and whether they write a review.

    Kept as bits of `world.told`, by place among the speakers: one for each own tie, one for each tie of somebody ahead
    in line to oneself, and whether there is a review and whether the speaker has left.
    """
    state, tables = world.state[0], world.tables[0]
    p, setting = tables.parameters, tables.setting
    speakers = state.due_count + state.late_speakers
    for lane in range(first, last):
        tally = world.lanes[lane].journeys
        end = (lane + 1) * speakers // state.lanes
        for place in range(lane * speakers // state.lanes, end):
            i = whole(world.speakers[place])
            if place + AHEAD < end and world.speakers[place + AHEAD] >= 0:
                prefetch(world.customers, world.speakers[place + AHEAD])
            world.told[place] = 0
            if i < 0:
                continue
            row = world.customers[i]
            row.has_news = 0
            news = np.float64(row.news)
            chance = telling_probability(news, p.talk_base, p.talk_slope, p.talk_negative)
            told, listeners = 0, 0
            chances = (1.0, 1.0, 1.0, 1.0)  # of two ties: to tell one's own, and to tell somebody ahead whose tie it is
            for tie_place in range(setting.ties // 2):
                first = tie_place % 2 * 2
                if first == 0:
                    chances = four_uniforms(
                        tables.key, row.number, row.journeys, 0, streams.TELLING + 256 * (tie_place // 2)
                    )
                if chances[first] < chance and tie(tables, i, tie_place) >= 0:
                    told |= OWN << tie_place
                    listeners += 1
                ahead = i + tie_place + 1
                if chances[first + 1] < chance and ahead < len(world.customers) and tie(tables, ahead, tie_place) == i:
                    told |= THEIRS << tie_place
                    listeners += 1
            tally[J_TOLD_BAD if news < 0.0 else J_TOLD_GOOD] += listeners
            writes, _ = uniforms(tables.key, row.number, row.journeys, 0, streams.REVIEW)
            if writes < chance * p.review_share:
                told |= REVIEWS
            if row.status == LEFT:  # whoever leaves ends a journey, so is among today's speakers
                told |= HAS_LEFT
            world.told[place] = told


@inner
def hear(world: World, first: int, last: int) -> None:
    """Let slices `first` to `last` (exclusive) of all customers hear what they were told, in the order of the speakers.

    Listeners lie far apart in memory, so each is fetched a few tellings before it hears.
    """
    state, tables = world.state[0], world.tables[0]
    begin, end = first * len(world.customers) // LANES, last * len(world.customers) // LANES
    waiting = world.lanes[first].waiting
    count = 0
    for place in range(state.due_count + state.late_speakers):
        told = world.told[place]
        if told & TOLD == 0:
            continue
        i = whole(world.speakers[place])
        for tie_place in range(tables.setting.ties // 2):
            for own in range(2):
                bit = OWN if own == 0 else THEIRS
                if told & (bit << tie_place) == 0:
                    continue
                listener = tie(tables, i, tie_place) if own == 0 else i + tie_place + 1
                if listener < begin or listener >= end:
                    continue
                prefetch(world.customers, listener)
                slot = count % WAITING
                if count >= WAITING:
                    take_in(world, waiting[slot, 0], waiting[slot, 1])
                waiting[slot, 0], waiting[slot, 1] = listener, i
                count += 1
    for number in range(max(count - WAITING, 0), count):
        take_in(world, waiting[number % WAITING, 0], waiting[number % WAITING, 1])


@inner
def take_in(world: World, i: int, speaker: int) -> None:
    """What a friend got moves what one thinks will happen, bad news more; and what one would like, if it was more."""
    row, tables = world.customers[i], world.tables[0]
    if row.status not in (ACTIVE, PROSPECT):
        return
    news, level = np.float64(world.customers[speaker].news), np.float64(world.customers[speaker].news_level)
    p = tables.parameters
    weight = p.word_of_mouth_weight * np.float64(row.talk_exposure)
    if news < 0.0:
        weight *= p.heard_negative
    weight = min(weight, 1.0)
    heed(row, HEARD, weight, level)
    for d in range(3):
        row.predicted[d] = approach(np.float64(row.predicted[d]), level, weight)
        if level > np.float64(row.desired[d]):
            row.desired[d] = approach(np.float64(row.desired[d]), level, p.wom_desired)
        settle_adequate(row, d, p, tables.setting, 0.0)


@inner
def publish(world: World) -> None:
    """Add today's reviews to what newcomers read, and list those who left today."""
    state, tally = world.state[0], world.lanes[0].journeys
    for place in range(state.due_count + state.late_speakers):
        told = world.told[place]
        if told & REVIEWS != 0:
            level = review_level(np.float64(world.customers[world.speakers[place]].news))
            state.reviews += 1.0
            state.review_levels += level
            tally[J_REVIEWS] += 1.0
            tally[J_REVIEW_STARS] += 1.0 + 4.0 * level
        if told & HAS_LEFT != 0:
            world.leavers[state.left_count] = world.speakers[place]
            state.left_count += 1
