import asyncio
import unittest

from courier import Courier, Lost, fastest


class CourierTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.courier = Courier("Ana")
        await self.courier.deliver("letter")

    async def delivers(self, parcel, count):
        self.assertEqual(await self.courier.deliver(parcel), count)

    async def test_counts(self):
        await self.delivers("box", 2)
        await self.delivers("bag", 3)
        self.assertEqual(self.courier.delivered, ["letter", "box", "bag"])

    async def test_lost(self):
        with self.assertRaises(Lost) as caught:
            await self.courier.deliver("")
        self.assertEqual(str(caught.exception), "Ana has nothing to deliver")

    async def test_logs(self):
        with self.assertLogs("courier", level="WARNING") as logs:
            with self.assertRaises(Lost):
                await self.courier.deliver("")
        self.assertEqual(logs.output, ["WARNING:courier:Ana lost a parcel"])

    async def test_no_logs(self):
        with self.assertNoLogs("courier"):
            await self.courier.deliver("box")

    async def test_open_while_it_is_entered(self):
        async with Courier("Bo") as courier:
            self.assertTrue(courier.is_open)
        self.assertFalse(courier.is_open)

    async def test_route(self):
        seen = []
        async for parcel in self.courier.route(["a", "b"]):
            seen.append(parcel)
        self.assertEqual(seen, ["A", "B"])
        self.assertEqual([one async for one in self.courier.route(["c"])], ["C"])

    async def test_several_at_once(self):
        first = asyncio.create_task(self.courier.deliver("slow", wait=0.02))
        second = await self.courier.deliver("fast")
        self.assertEqual((second, await first), (2, 3))
        self.assertEqual(await fastest(Courier("Cy"), self.courier), 4)


if __name__ == "__main__":
    unittest.main()
