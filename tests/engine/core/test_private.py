"""Files that other users of the machine could read are named."""

from pathlib import Path

import pytest

from engine.core.private import access_check
from engine.core.sync_reports import Health


@pytest.mark.parametrize(
    ("folder", "file", "health"),
    [
        (0o755, 0o644, Health.WARNING),
        (0o755, 0o600, Health.OK),
        (0o700, 0o644, Health.OK),
        (0o711, 0o640, Health.WARNING),
    ],
)
def test_a_file_is_open_to_others_where_its_folder_is_too(
    tmp_path: Path, folder: int, file: int, health: Health
) -> None:
    token = tmp_path / "kept" / "token"
    token.parent.mkdir()
    token.write_text("secret")
    token.chmod(file)
    token.parent.chmod(folder)
    found = access_check("secrets", [token])
    assert found.health is health
    assert found.remedy == (f"chmod go= {token}" if health is Health.WARNING else "")
