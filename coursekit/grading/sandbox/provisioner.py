"""Kernels in boxes, for every Jupyter program: a provisioner for `jupyter_client`.

Where a kernel specification names it, `nbclient`, nbgrader and whoever else starts that kernel gets one that was forked
warm and runs behind the wall.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Bool, Integer, Unicode

from coursekit.grading.sandbox import warm
from coursekit.grading.sandbox.kernel import connection
from coursekit.grading.sandbox.sandbox import Limits

NAME = "coursekit-box"


class BoxProvisioner(KernelProvisionerBase):
    """Starts a kernel in a box, and ends the box with it."""

    sandbox = Bool(True, help="Whether a wall is built around the kernel.")
    seconds = Integer(600, help="Processor time that the kernel may use.")
    language = Unicode("en", help="In which it speaks to the student.")

    _lease: warm.Lease | None = None

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel."""
        return self._lease is not None and self._lease.over() is None

    @property
    def was_killed(self) -> bool:
        """Whether the kernel was killed, which may have been done from outside."""
        return self._lease is not None and self._lease.killed

    async def poll(self) -> int | None:
        """Give None while the kernel runs."""
        return None if self.has_process else 0

    async def wait(self) -> int | None:
        """Wait until the kernel is over."""
        while await self.poll() is None:  # noqa: ASYNC110 - a process ends without an event
            await asyncio.sleep(0.05)
        return 0

    async def send_signal(self, signum: int) -> None:
        """End the box: interrupts are messages, and there is no other signal that does not end a kernel."""
        if signum:
            await self.kill()

    def end(self) -> None:
        """End the box, whatever state its kernel is in."""
        if self._lease is not None:
            self._lease.end()

    async def kill(self, restart: bool = False) -> None:
        """End the box."""
        self.end()

    async def terminate(self, restart: bool = False) -> None:
        """End the box."""
        await self.kill(restart)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Prepare nothing: a kernel in a box takes no command and no environment."""
        return {"cmd": []}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel and say where it listens."""
        assert self.parent is not None
        key = self.parent.session.key.decode()
        order = warm.Order(
            kind="kernel",
            sandbox=self.sandbox,
            limits=Limits(seconds=self.seconds),
            key=key,
            language=self.language,
        )
        self._lease = warm.rent(order)
        return connection(self._lease.sockets, key)

    async def cleanup(self, restart: bool = False) -> None:
        """End the box, whatever happened."""
        await self.kill(restart)


class BoxKernels(KernelSpecManager):
    """Knows one kernel, the one in a box, by every name: what a submission asks for does not matter."""

    sandbox = Bool(True, help="Whether a wall is built around the kernel.")
    seconds = Integer(600, help="Processor time that the kernel may use.")
    language = Unicode("en", help="In which it speaks to the student.")

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Specify the kernel in a box."""
        config = {"sandbox": self.sandbox, "seconds": self.seconds, "language": self.language}
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            interrupt_mode="message",
            metadata={"kernel_provisioner": {"provisioner_name": NAME, "config": config}},
        )
