import asyncio
import logging

log = logging.getLogger("courier")


class Lost(Exception):
    pass


class Courier:
    def __init__(self, name):
        self.name = name
        self.delivered = []
        self.is_open = False

    async def __aenter__(self):
        await asyncio.sleep(0)
        self.is_open = True
        return self

    async def __aexit__(self, *_):
        self.is_open = False

    async def deliver(self, parcel, wait=0):
        if not parcel:
            log.warning("%s lost a parcel", self.name)
            raise Lost(f"{self.name} has nothing to deliver")
        await asyncio.sleep(wait)
        self.delivered.append(parcel)
        return len(self.delivered)

    async def route(self, parcels):
        for parcel in parcels:
            await self.deliver(parcel)
            yield parcel.upper()


async def fastest(*couriers):
    counts = await asyncio.gather(*(courier.deliver("box") for courier in couriers))
    return max(counts)
