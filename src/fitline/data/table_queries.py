"""The rows of a table, (x1, …, y) and what tells of them, as queries of the engine."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .cells import Keys, Parsing, Values, values_sql
from .columns import place_of
from .dates import Dates
from .grouping import Grouping
from .known_groups import GroupNames, LackingTerm
from .parts import Care, Part, Wanted, WantedColumn
from .terms import ColumnTerm, FormulaTerm, Levels, LevelTerm, Term


@dataclass(eq=False, kw_only=True)
class TableQueries:
    """The `parts` of a table, and the `terms` that are computed from them.

    These must have values in every row: the features, so many as there are, and then y unless the
    table is to be predicted from. `values` tells how columns are read that hold no plain numbers,
    by what was typed for them. Rows may have a `weight`, and a `grouping` tells them apart, or a
    `group` whose name a model knows. With what `care` rows are read that are read again, the
    first reading found out.
    """

    parts: Sequence[Part]
    terms: Sequence[Term]
    features: int = 1
    values: Mapping[str, Values] = field(default_factory=dict)
    weight: ColumnTerm | None = field(default=None, init=False)
    grouping: Grouping | None = field(default=None, init=False)
    group: ColumnTerm | None = field(default=None, init=False)
    care: Care = field(default="careful", init=False)

    def leave_out_of_groups(self, lacking: Mapping[int, Mapping[int, Collection[int]]]) -> None:
        """Give no value to features, by their places, in rows of groups that lack them."""
        group = self.group
        known = self.values[group.typed] if group else None
        if not (group and isinstance(known, GroupNames)):
            return
        terms = [*self.terms]
        for place, groups in lacking.items():
            term = terms[place]
            if isinstance(term, ColumnTerm | LevelTerm | FormulaTerm):
                levels = self.values.get(term.typed)
                texts = levels.texts if isinstance(levels, Levels) else ()
                terms[place] = LackingTerm(term, group, known.texts, groups, texts)
        self.terms = terms

    def good_rows(self) -> str:
        """Give the query of the rows that can be used, in their order."""
        return self._good(self.care)

    def weighted_rows(self, *, weightless: bool = False) -> str:
        """Give the same with w, the weight of each row, which is 1 where there is none.

        Those of weight 0 are there where they count for the places of the others.
        """
        return self._good(self.care, self._listed_with_weight, weightless=weightless)

    def _good(self, care: Care, listed: str | None = None, *, weightless: bool = False) -> str:
        weight = ("w is not null" if weightless else "w > 0") if self.weight else "true"
        return (
            f"select {listed or self.listed} from ({self.rows_sql(care)})"
            f" where {' + '.join(self.names)} is not null and {weight}"
        )

    def rows_sql(self, care: Care = "careful") -> str:
        """Give the query of the columns, NULL where a cell holds none; with care, of `is_missing`.

        Read swiftly, cells that are numbers already are taken as they are.
        """
        return " union all ".join(self._rows_of(part, care) for part in self.parts)

    def _rows_of(self, part: Part, care: Care) -> str:
        places, parsings = self._sources(part)
        is_swift, told = care in {"swift", "eager"}, ["is_missing"] if care == "careful" else []
        has_missing = self.grouping is not None and self.grouping.has_missing
        if is_swift and (has_missing or not all(parsing.is_swift for parsing in parsings)):
            care = "strict"
        owned = [*zip(places, parsings, strict=True)]
        keys = {place for place, own in owned if own.are_keys}
        texts = {place for place, own in owned if not own.are_numbers}
        rows = part.select(places, care, texts)
        cells = [f"column_{nth}" for nth in range(len(places))]
        are_text = [part.is_text(place, care) for place in places]
        numeric = [text for place, text in zip(places, are_text, strict=True) if place not in keys]
        if is_swift and care != "strict" and not any(numeric):
            pairs = zip(parsings, cells, strict=True)
            values = [parsing.swift_sql(cell) for parsing, cell in pairs]
        else:
            rows = values_sql(rows, list(zip(cells, parsings, are_text, strict=True)))
            values = [f"value_{nth}" for nth in range(len(places))]
        found = dict(zip(places, values, strict=True))
        computed = [term.sql(part.columns, found) for term in self.all_terms]
        named = [
            f"{value} as {name}" for value, name in zip(computed, self.all_names, strict=True)
        ]
        return f"select {', '.join([*named, *told])} from ({rows})"

    @property
    def names(self) -> list[str]:
        """Give the names of the columns in queries: x, x2, x3 and so on, and y."""
        names = ["x", *(f"x{nth}" for nth in range(2, self.features + 1)), "y"]
        return names[: len(self.terms)]

    @property
    def names_with_weight(self) -> list[str]:
        """Give the names of the columns in queries, and w for the weight of the rows."""
        return [*self.names, *(["w"] if self.weight else [])]

    @property
    def all_names(self) -> list[str]:
        """Give these names, and g for the group of the rows."""
        return [*self.names_with_weight, *(["g"] if self.grouping else [])]

    @property
    def all_terms(self) -> Sequence[Term]:
        """Give the terms, the weight, and what tells the group."""
        group = self.grouping.term if self.grouping else self.group
        return [*self.terms, *filter(None, (self.weight, group))]

    @property
    def listed(self) -> str:
        """List the columns in queries."""
        return ", ".join(self.names)

    @property
    def _listed_with_weight(self) -> str:
        return f"{self.listed}, {'w' if self.weight else 'cast(1 as double) as w'}"

    def wanted(self, part: Part) -> Wanted:
        """Tell which columns of a part must hold values, and which formulas of these."""
        columns = [
            WantedColumn(place, part.columns[place], parsing)
            for place, parsing in zip(*self._sources(part), strict=True)
        ]
        formulas = [term for term in self.terms if isinstance(term, FormulaTerm | LackingTerm)]
        return Wanted(columns, [term.formula(part.columns, part.name) for term in formulas])

    def _sources(self, part: Part) -> tuple[list[int], list[Parsing]]:
        """Give the places in a part of the columns that are needed, and how these are read."""
        found: dict[int, Parsing] = {}
        for typed in (source for term in self.all_terms for source in term.sources):
            place = place_of(part.columns, typed) or 0
            values = self.values.get(typed, part.parsing.values)
            if part.holds_dates(place) and isinstance(values, Dates):
                values = Dates()  # which are no texts, whatever the format of these
            found.setdefault(place, replace(part.parsing, values=values))
        if self.grouping:
            place = place_of(part.columns, self.grouping.term.typed) or 0
            found[place] = replace(part.parsing, values=Keys())
        if self.weight:
            place = place_of(part.columns, self.weight.typed) or 0
            found[place] = replace(found[place], least=0.0)
        return list(found), list(found.values())
