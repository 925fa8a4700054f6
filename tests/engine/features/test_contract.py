from __future__ import annotations

from dataclasses import replace

from engine.features.contract import GAME_FEATURES, Role, contract_hash, names


def test_no_two_features_share_a_name() -> None:
    assert len(set(names(GAME_FEATURES))) == len(GAME_FEATURES)


def test_every_feature_says_what_it_is() -> None:
    for feature in GAME_FEATURES:
        assert all((feature.name, feature.unit, feature.group, feature.description)), feature


def test_the_hash_changes_with_order_names_and_roles_but_not_with_wording() -> None:
    first, second, *others = GAME_FEATURES
    known = contract_hash(GAME_FEATURES)
    assert len(known) == 64
    assert contract_hash((second, first, *others)) != known
    assert contract_hash((replace(first, name="other"), second, *others)) != known
    assert contract_hash((replace(first, role=Role.LEVEL), second, *others)) != known
    assert contract_hash((first, second)) != known
    assert contract_hash((replace(first, description="put another way"), second, *others)) == known
