"""What a document may cost the process that reads it."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """Feeds of 50 items need 0.05 s and 15 MB, those of 10 MB need 8 s and 90 MB. Processor time is counted where the
    system does (not on Windows), memory on Linux; the clock, which runs on a busy machine too, everywhere."""

    processor_s: float = 2.0
    processor_s_per_mb: float = 2.0  # beyond the first
    clock_factor: float = 5.0
    memory_bytes: int = 400 * MB  # beyond what the idle process takes
    kept_bytes: int = 50 * MB  # a process that has grown beyond is replaced after its document

    def processor(self, size: int) -> float:
        """Seconds of processor time for a document of so many bytes."""
        return self.processor_s + self.processor_s_per_mb * max(0.0, size / MB - 1)

    def clock(self, size: int) -> float:
        """Seconds by the clock."""
        return self.clock_factor * self.processor(size)
