"""Small immutable values, cheaper to declare than a dataclass.

`dataclass` writes and compiles the methods of each class when its module is imported, which for the classes of
one command takes longer than the command. `@value` gives the same: fields by position or name, defaults,
equality, a hash and a readable form; only making one is slower, so it is not for what is made by the thousand.
"""

from __future__ import annotations

from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """Make `cls` an immutable value of its annotated fields."""
    names = tuple(cls.__annotations__)
    defaults = {name: cls.__dict__[name] for name in names if name in cls.__dict__}

    def init(self: Any, *args: Any, **named: Any) -> None:
        given = {**dict(zip(names, args, strict=False)), **named}
        if len(args) + len(named) != len(given) or len(args) > len(names) or given.keys() - set(names):
            raise TypeError(f"{cls.__name__} takes {', '.join(names)}")
        missing = [name for name in names if name not in given and name not in defaults]
        if missing:
            raise TypeError(f"{cls.__name__} lacks {', '.join(missing)}")
        self.__dict__.update(defaults | given)

    def key(self: Any) -> tuple[Any, ...]:
        return tuple(self.__dict__[name] for name in names)

    def equal(self: Any, other: object) -> Any:
        return key(self) == key(other) if type(self) is type(other) else NotImplemented

    def fixed(_: Any, name: str, *__: Any) -> None:
        raise AttributeError(f"{cls.__name__}.{name} is fixed")

    def shown(self: Any) -> str:
        return f"{cls.__name__}({', '.join(f'{name}={self.__dict__[name]!r}' for name in names)})"

    methods = {"__init__": init, "__eq__": equal, "__hash__": lambda self: hash(key(self)), "__repr__": shown,
               "__setattr__": fixed, "__delattr__": fixed, "__match_args__": names}  # fmt: skip
    for name, method in methods.items():
        setattr(cls, name, method)
    return cls
