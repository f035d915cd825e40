from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.policies.substitution import NONE_THERE, NearestInPrice

SKUS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(1, 20), st.booleans()), min_size=1, max_size=12
)


@given(SKUS, st.data())
def test_the_nearest_in_price_of_the_category_is_found(
    skus: list[tuple[int, int, bool]], data: st.DataObject
) -> None:
    """No SKU of the category that is there is nearer, and none as near is cheaper."""
    sku = data.draw(st.integers(0, len(skus) - 1))
    category, price, _ = skus[sku]
    nearest = NearestInPrice([c for c, _, _ in skus], [p for _, p, _ in skus])

    found = nearest.find(sku, lambda other: skus[other][2])

    others = [k for k, (c, _, there) in enumerate(skus) if c == category and there and k != sku]
    distances = {k: (abs(skus[k][1] - price), skus[k][1]) for k in others}
    if not others:
        assert found == NONE_THERE
    else:
        assert distances[found] == min(distances.values())
