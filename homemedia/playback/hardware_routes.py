"""HTTP: devices, what works, limits and settings of converting (watch contract 3.11)."""

from homemedia.accounts import Admin
from homemedia.core.http.routes import Routes
from homemedia.playback.hardware import Hardware
from homemedia.playback.hardware_wire import HardwareAnswer, HardwareRequest, hardware_answer


class HardwareRoutes:
    routes = Routes("playback", prefix="/api")

    def __init__(self, hardware: Hardware) -> None:
        self._hardware = hardware

    @routes.get("/hardware")
    async def get_hardware(self, actor: Admin) -> HardwareAnswer:
        """Tell which devices convert films here, how fast, and by which settings."""
        _ = actor
        return hardware_answer(await self._hardware.report())

    @routes.put("/hardware")
    async def put_hardware(self, actor: Admin, body: HardwareRequest) -> HardwareAnswer:
        """Change settings of converting, for sessions that begin from now on; try the devices again."""
        await self._hardware.change(body.changes(), user_id=actor.user_id, rescans=body.rescan)
        return hardware_answer(await self._hardware.report())
