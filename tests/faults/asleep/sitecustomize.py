"""For the processes under libfaketime: its 0.9.10 refuses what `time.sleep` asks for since Python 3.11
(clock_nanosleep until a moment of the monotonic clock, which is not turned here), so they sleep by select."""

import select
import time


def sleep(seconds):
    select.select([], [], [], seconds)


time.sleep = sleep
