"""The double of the scheduler, running."""

from Peers.support.processes import INSTALLED, PEERS, Double


class Scheduler(Double):
    def __init__(self, *options):
        super().__init__([INSTALLED / "scheduler" / "bin" / "python", PEERS / "scheduler" / "double.py", *options])
        self.url = self.says["url"]

    def change(self, call, thing):
        """Lets an object of a call be another one."""
        self.tell({"call": call, "object": thing})

    def cut(self):
        """Ends every subscription."""
        self.tell({"cut": True})
