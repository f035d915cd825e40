"""Ruin and recreate with simulated annealing over batches, as one compiled loop.

Schrimpf et al. 2000; ruins of orders near each other and insertion with blinks: Christiaens &
Vanden Berghe 2020 (SISR, Transportation Science 54(2)), for carts instead of vehicles.
"""

from __future__ import annotations

from math import inf, log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimize.batching.kernels.passing import GAP_FROM, remember, widest_gap, with_order_m
from optimize.batching.kernels.trips import EXACT, Floats, Floor, Words, stretch, trip_m
from optimize.compiled import compiled

Flags = npt.NDArray[np.bool_]

ROUNDING_M = 1e-9
SWAPS, SWAP_LOOKS = 25, 6
"""Of a hundred rounds so many swap two orders; looks for the second one."""
BLINKS = 2
"""How often of a hundred a cart is overlooked."""
RANDOM, PRICED, LOOKED_UP, ACCEPTED, IMPROVED = range(5)  # counters
COST, BEST = range(2)  # totals in metres


class Orders(NamedTuple):
    """Orders as arrays, row per order.

    Attributes
    ----------
    words, has
        Stops of each stretch as words, and whether there are any.
    begin, stop_m
        Where the stops of each stretch begin in ``stop_m``, metres from the front; at the end of
        a row the first and the last stretch with stops.
    load, room
        What it takes of a cart by kind of limit, and what a cart holds.
    weight
        Largest share of a cart's room that it takes.
    near
        Other orders, those that share most of the trip first.
    alone_m
        Metres of its own trip.
    sign
        Random number; a set of orders is known by the numbers of all, combined by exclusive or.
    """

    words: Words
    has: Flags
    begin: Words
    stop_m: Floats
    load: Floats
    room: Floats
    weight: Floats
    near: Words
    alone_m: Floats
    sign: Words


class Carts(NamedTuple):
    """Carts as arrays, row per cart; those without orders are free.

    Attributes
    ----------
    members, held
        Its orders, and how many.
    load
        What they take by kind of limit.
    words, first_m, last_m, mid_m
        Stops of each stretch, and its three numbers.
    kept
        What `remember` notes of each stretch; only for ``EXACT``.
    walked
        The signs of the orders whose trip that is, which may have left: it is worked out anew
        only where an order more is to be priced.
    price_m
        Metres of its trip.
    sign
        The signs of its orders, combined.
    """

    members: Words
    held: Words
    load: Floats
    words: Words
    first_m: Floats
    last_m: Floats
    mid_m: Floats
    kept: Floats
    walked: Words
    price_m: Floats
    sign: Words


class Memory(NamedTuple):
    """Prices seen lately.

    Attributes
    ----------
    pair_sign, pair_m
        Signs of the orders of each cart with one order more, row per order, and their metres.
    sign, price_m
        The same of sets on any cart, as many as a power of two, each at a place of its own.
    """

    pair_sign: Words
    pair_m: Floats
    sign: Words
    price_m: Floats


@compiled
def _below(counters: Words, limit: int) -> int:
    """Return a random number from 0 to below a limit (Marsaglia 2003, xorshift of 32 bits)."""
    x = int(counters[RANDOM])
    x ^= (x << 13) & 0xFFFFFFFF
    x ^= x >> 17
    x ^= (x << 5) & 0xFFFFFFFF
    counters[RANDOM] = x
    return (x * limit) >> 32


@compiled
def _copy(source: Carts, target: Carts, cart: int) -> None:
    """Copy a cart from one table to the same row of another; not its trip, which `_walk` mends."""
    target.held[cart] = source.held[cart]
    target.price_m[cart] = source.price_m[cart]
    target.sign[cart] = source.sign[cart]
    for index in range(source.held[cart]):
        target.members[cart, index] = source.members[cart, index]
    for kind in range(source.load.shape[1]):
        target.load[cart, kind] = source.load[cart, kind]


@compiled
def _walk(floor: Floor, orders: Orders, carts: Carts, cart: int) -> None:
    """Bring the trip of a cart up to date with its members."""
    if carts.walked[cart] == carts.sign[cart]:
        return
    carts.walked[cart] = carts.sign[cart]
    mine, first_m, last_m = carts.words[cart], carts.first_m[cart], carts.last_m[cart]
    mid_m, kept = carts.mid_m[cart], carts.kept[cart]
    stretches, words = floor.base.shape
    for row in range(stretches):
        for word in range(words):
            bits = floor.base[row, word]
            for index in range(carts.held[cart]):
                bits |= orders.words[carts.members[cart, index], row, word]
            mine[row, word] = bits
        if floor.rule == EXACT:
            first_m[row], last_m[row], kept[row, GAP_FROM], mid_m[row] = widest_gap(
                floor.offset_m, row, mine, mine
            )
        else:
            stretch(
                floor.offset_m, floor.rule, floor.back_m, row, mine, mine, first_m, last_m, mid_m
            )
    if floor.rule == EXACT:
        remember(floor.at_m, floor.between, floor.back_m, first_m, last_m, mid_m, kept)


@compiled
def rebuild(
    floor: Floor, orders: Orders, carts: Carts, memory: Memory, cart: int, counters: Words
) -> None:
    """Work everything about a cart out anew from its members."""
    for kind in range(orders.room.shape[0]):
        carts.load[cart, kind] = 0.0
    sign = 0
    for index in range(carts.held[cart]):
        order = carts.members[cart, index]
        sign ^= orders.sign[order]
        for kind in range(orders.room.shape[0]):
            carts.load[cart, kind] += orders.load[order, kind]
    carts.sign[cart] = sign
    carts.price_m[cart] = 0.0
    if not carts.held[cart]:
        return
    place = (sign ^ (sign >> 29)) & (memory.sign.shape[0] - 1)
    if memory.sign[place] == sign:
        counters[LOOKED_UP] += 1
    else:
        counters[PRICED] += 1
        _walk(floor, orders, carts, cart)
        memory.sign[place] = sign
        memory.price_m[place] = trip_m(
            floor, carts.first_m[cart], carts.last_m[cart], carts.mid_m[cart]
        )
    carts.price_m[cart] = memory.price_m[place]


@compiled
def _anew_m(
    floor: Floor, orders: Orders, carts: Carts, cart: int, order: int, scratch: Floats
) -> float:
    """Work out the metres of a cart with one order more."""
    mine, others = carts.words[cart], orders.words[order]
    first_m, last_m, mid_m = scratch[0], scratch[1], scratch[2]
    for row in range(floor.base.shape[0]):
        if orders.has[order, row]:
            stretch(
                floor.offset_m, floor.rule, floor.back_m, row, mine, others, first_m, last_m, mid_m
            )
        else:
            first_m[row] = carts.first_m[cart, row]
            last_m[row] = carts.last_m[cart, row]
            mid_m[row] = carts.mid_m[cart, row]
    return trip_m(floor, first_m, last_m, mid_m)


@compiled
def _with_m(
    floor: Floor,
    orders: Orders,
    carts: Carts,
    memory: Memory,
    cart: int,
    order: int,
    scratch: Floats,
    counters: Words,
) -> float:
    """Return the metres of a cart with one order more."""
    sign = carts.sign[cart] ^ orders.sign[order]
    if memory.pair_sign[order, cart] == sign:
        counters[LOOKED_UP] += 1
        return float(memory.pair_m[order, cart])
    memory.pair_sign[order, cart] = sign
    place = (sign ^ (sign >> 29)) & (memory.sign.shape[0] - 1)
    if memory.sign[place] == sign:
        counters[LOOKED_UP] += 1
        memory.pair_m[order, cart] = memory.price_m[place]
        return float(memory.price_m[place])
    counters[PRICED] += 1
    _walk(floor, orders, carts, cart)
    if floor.rule == EXACT and orders.begin[order, orders.begin.shape[1] - 1] >= 0:
        price_m = with_order_m(
            floor.at_m, floor.between, floor.back_m, floor.offset_m, carts.words[cart],
            carts.first_m[cart], carts.last_m[cart], carts.mid_m[cart], carts.kept[cart],
            orders.words[order], orders.begin[order], orders.stop_m,
        )  # fmt: skip
    else:
        price_m = _anew_m(floor, orders, carts, cart, order, scratch)
    memory.sign[place] = sign
    memory.price_m[place] = price_m
    memory.pair_m[order, cart] = price_m
    return price_m


@compiled
def _put(orders: Orders, carts: Carts, cart: int, order: int, price_m: float) -> None:
    """Put an order on a cart."""
    carts.members[cart, carts.held[cart]] = order
    carts.held[cart] += 1
    carts.sign[cart] ^= orders.sign[order]
    carts.price_m[cart] = price_m
    for kind in range(orders.room.shape[0]):
        carts.load[cart, kind] += orders.load[order, kind]


@compiled
def _ruin(orders: Orders, cart_of: Words, chosen: Words, most: int, counters: Words) -> int:
    """Choose orders to take off their carts; return how many.

    Half the time orders near a random one, else whole carts of orders near it, or any orders.
    """
    count = orders.alone_m.shape[0]
    kind = _below(counters, 100)
    seed = _below(counters, count)
    if kind < 20:
        wanted = 1 + _below(counters, most)
        found = 0
        for _ in range(wanted):
            order = _below(counters, count)
            if cart_of[order] >= 0:
                cart_of[order] = -1 - cart_of[order]
                chosen[found] = order
                found += 1
        return found
    chosen[0] = seed
    found = 1
    if kind < 65:
        wanted = 1 + _below(counters, most)
        cart_of[seed] = -1 - cart_of[seed]
        for index in range(orders.near.shape[1]):
            if found >= wanted:
                break
            order = orders.near[seed, index]
            if _below(counters, 100) < 50:
                cart_of[order] = -1 - cart_of[order]
                chosen[found] = order
                found += 1
        return found
    carts_wanted = 1 + _below(counters, 3)
    found = _whole_cart(cart_of, cart_of[seed], chosen, 0)
    for index in range(orders.near.shape[1]):
        if carts_wanted <= 1 or found >= 2 * most:
            break
        order = orders.near[seed, index]
        if cart_of[order] >= 0 and _below(counters, 100) < 50:
            found = _whole_cart(cart_of, cart_of[order], chosen, found)
            carts_wanted -= 1
    return found


@compiled
def _choose_swap(
    orders: Orders, carts: Carts, cart_of: Words, chosen: Words, counters: Words
) -> int:
    """Choose two orders that may change carts, the second near the first; return 2, or 0 if none.

    Where carts are nearly full, few orders fit anywhere else, but many in place of another.
    """
    one = _below(counters, cart_of.shape[0])
    here = cart_of[one]
    for _ in range(SWAP_LOOKS):
        other = orders.near[one, _below(counters, orders.near.shape[1])]
        there = cart_of[other]
        fits = here != there
        for kind in range(orders.room.shape[0]):
            more = orders.load[other, kind] - orders.load[one, kind]
            if (
                carts.load[here, kind] + more > orders.room[kind]
                or carts.load[there, kind] - more > orders.room[kind]
            ):
                fits = False
        if fits:
            chosen[0], chosen[1] = one, other
            cart_of[one], cart_of[other] = -1 - here, -1 - there
            return 2
    return 0


@compiled
def _whole_cart(cart_of: Words, cart: int, chosen: Words, found: int) -> int:
    for order in range(cart_of.shape[0]):
        if cart_of[order] == cart:
            cart_of[order] = -1 - cart
            chosen[found] = order
            found += 1
    return found


@compiled
def _sort(orders: Orders, chosen: Words, found: int, counters: Words) -> None:
    """Bring the orders to be put on carts into a random order, or by size, or by length of trip."""
    kind = _below(counters, 3)
    for index in range(found - 1, 0, -1):
        other = _below(counters, index + 1)
        chosen[index], chosen[other] = chosen[other], chosen[index]
    if kind == 0:
        return
    key = orders.weight if kind == 1 else orders.alone_m
    for index in range(1, found):
        order = chosen[index]
        place = index
        while place > 0 and key[chosen[place - 1]] < key[order]:
            chosen[place] = chosen[place - 1]
            place -= 1
        chosen[place] = order


@compiled
def _take_off(
    floor: Floor,
    orders: Orders,
    carts: Carts,
    saved: Carts,
    memory: Memory,
    cart_of: Words,
    chosen: Words,
    found: int,
    turn: int,
    touched: Words,
    stamp: Words,
    counters: Words,
) -> tuple[int, float]:
    """Take the chosen orders off; return how many carts were touched, and the metres added."""
    touches = 0
    change_m = 0.0
    for index in range(found):
        cart = -1 - cart_of[chosen[index]]
        if stamp[cart] != turn:
            stamp[cart] = turn
            touched[touches] = cart
            touches += 1
            _copy(carts, saved, cart)
    for index in range(touches):
        cart = touched[index]
        left = 0
        for member in range(carts.held[cart]):
            order = carts.members[cart, member]
            if cart_of[order] >= 0:
                carts.members[cart, left] = order
                left += 1
        carts.held[cart] = left
        change_m -= carts.price_m[cart]
        rebuild(floor, orders, carts, memory, cart, counters)
        change_m += carts.price_m[cart]
    for index in range(found):
        cart_of[chosen[index]] = -1 - cart_of[chosen[index]]
    return touches, change_m


@compiled
def _cheapest(
    floor: Floor,
    orders: Orders,
    carts: Carts,
    memory: Memory,
    order: int,
    scratch: Floats,
    counters: Words,
) -> tuple[int, float]:
    """Return the cart to which an order adds the fewest metres, and its metres then.

    Now and then a cart is overlooked. An empty cart is taken where none is cheaper; -1 if there is
    no cart at all.
    """
    added_m = price_m = orders.alone_m[order]
    target = free = -1
    load, taken, room, kinds = carts.load, orders.load[order], orders.room, orders.room.shape[0]
    signs, metres, own_sign = memory.pair_sign[order], memory.pair_m[order], orders.sign[order]
    before_m = carts.price_m
    for cart in range(carts.held.shape[0]):
        if carts.held[cart] == 0:
            free = cart
            continue
        fits = True
        for kind in range(kinds):
            if load[cart, kind] + taken[kind] > room[kind]:
                fits = False
        if not fits or _below(counters, 100) < BLINKS:
            continue
        if signs[cart] == carts.sign[cart] ^ own_sign:
            counters[LOOKED_UP] += 1
            with_m = metres[cart]
        else:
            with_m = _with_m(floor, orders, carts, memory, cart, order, scratch, counters)
        if with_m - before_m[cart] < added_m:
            added_m, price_m, target = with_m - before_m[cart], with_m, cart
    return (target, price_m) if target >= 0 else (free, price_m)


@compiled
def _keep(
    carts: Carts,
    cart_of: Words,
    best_cart_of: Words,
    touched: Words,
    totals: Floats,
    counters: Words,
) -> None:
    """Write down which carts the orders of touched carts are on now; and if it is the best yet."""
    for index in range(touched.shape[0]):
        cart = touched[index]
        for member in range(carts.held[cart]):
            cart_of[carts.members[cart, member]] = cart
    if totals[COST] < totals[BEST] - ROUNDING_M:
        totals[BEST] = totals[COST]
        counters[IMPROVED] += 1
        for order in range(cart_of.shape[0]):
            best_cart_of[order] = cart_of[order]


@compiled
def search(
    floor: Floor,
    orders: Orders,
    carts: Carts,
    saved: Carts,
    memory: Memory,
    cart_of: Words,
    best_cart_of: Words,
    totals: Floats,
    counters: Words,
    rounds: int,
    hot_m: float,
    cold_m: float,
    most: int,
) -> None:
    """Search for so many rounds, the temperature falling from ``hot_m`` to ``cold_m``.

    Parameters
    ----------
    floor, orders
        The problem.
    carts, cart_of, totals, counters
        Where the search stands; read and written.
    saved, memory
        Room for copies and for prices.
    best_cart_of
        Cart of each order in the best batches so far.
    rounds
        At least 1.
    most
        Most orders taken off at once (more where whole carts are emptied).
    """
    chosen = np.empty(cart_of.shape[0], dtype=np.int64)
    touched = np.empty(carts.held.shape[0], dtype=np.int64)
    stamp = np.full(carts.held.shape[0], -1, dtype=np.int64)
    scratch = np.empty((3, floor.base.shape[0]))
    cooling = (cold_m / hot_m) ** (1.0 / rounds)
    for turn in range(rounds):
        hot_m *= cooling
        is_swap = _below(counters, 100) < SWAPS
        if is_swap:
            found = _choose_swap(orders, carts, cart_of, chosen, counters)
        else:
            found = _ruin(orders, cart_of, chosen, most, counters)
            _sort(orders, chosen, found, counters)
        touches, change_m = _take_off(
            floor, orders, carts, saved, memory, cart_of, chosen, found, turn, touched, stamp,
            counters,
        )  # fmt: skip
        for index in range(found):
            order = chosen[index]
            if is_swap:
                cart = cart_of[chosen[1 - index]]
                price_m = _with_m(floor, orders, carts, memory, cart, order, scratch, counters)
            else:
                cart, price_m = _cheapest(floor, orders, carts, memory, order, scratch, counters)
            if cart < 0:
                change_m = inf
                break
            if stamp[cart] != turn:
                stamp[cart] = turn
                touched[touches] = cart
                touches += 1
                _copy(carts, saved, cart)
            change_m += price_m - carts.price_m[cart]
            _put(orders, carts, cart, order, price_m)
        if change_m < -hot_m * log((1.0 + _below(counters, 1 << 24)) / (1 << 24)):
            counters[ACCEPTED] += 1
            totals[COST] += change_m
            _keep(carts, cart_of, best_cart_of, touched[:touches], totals, counters)
        else:
            for index in range(touches):
                _copy(saved, carts, touched[index])
