#!/usr/bin/env python3
"""SQLAlchemy's ORM: stars, their planets (one to many) and the catalogues that list them (many to many).

samples/python/star_catalogue.py iris://demo:demo@localhost/USER
"""

import sys
from decimal import Decimal

from sqlalchemy import Column, ForeignKey, Numeric, String, Table, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


listed = Table(
    "SampleListed",
    Base.metadata,
    Column("star", ForeignKey("SampleStar.id"), primary_key=True),
    Column("catalogue", ForeignKey("SampleCatalogue.id"), primary_key=True),
)


class Star(Base):
    __tablename__ = "SampleStar"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    planets: Mapped[list["Planet"]] = relationship(back_populates="star", cascade="all, delete-orphan", order_by="Planet.mass")
    catalogues: Mapped[list["Catalogue"]] = relationship(secondary=listed, back_populates="stars")


class Planet(Base):
    __tablename__ = "SamplePlanet"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    mass: Mapped[Decimal | None] = mapped_column(Numeric(10, 3))
    star_id: Mapped[int] = mapped_column(ForeignKey("SampleStar.id"))
    star: Mapped[Star] = relationship(back_populates="planets")


class Catalogue(Base):
    __tablename__ = "SampleCatalogue"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    stars: Mapped[list[Star]] = relationship(secondary=listed, back_populates="catalogues")


def main(target):
    engine = create_engine(target.replace("iris://", "iris+irislink://", 1))
    Base.metadata.create_all(engine)
    try:
        with Session(engine) as session:
            bright, near = Catalogue(name="Bright"), Catalogue(name="Near")
            sun = Star(name="Sun", planets=[Planet(name="Earth", mass=Decimal("1.000")), Planet(name="Mars", mass=Decimal("0.107"))], catalogues=[bright, near])
            proxima = Star(name="Proxima", planets=[Planet(name="Proxima b", mass=Decimal("1.070"))], catalogues=[near])
            session.add_all([sun, proxima])
            session.commit()

            for star in session.scalars(select(Star).options(selectinload(Star.planets), selectinload(Star.catalogues)).order_by(Star.name)):
                print(f"{star.name}: {', '.join(f'{each.name} {each.mass}' for each in star.planets)} [{', '.join(sorted(c.name for c in star.catalogues))}]")

            heavy = select(Star.name, func.count(), func.max(Planet.mass)).join(Star.planets).group_by(Star.name).order_by(Star.name)
            for name, planets, mass in session.execute(heavy):
                print(f"{name} has {planets}, of which the heaviest has {mass}")

            session.delete(sun)  # and its planets
            session.commit()
            print(f"left: {', '.join(session.scalars(select(Planet.name)))}")
    finally:
        Base.metadata.drop_all(engine)
        engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
