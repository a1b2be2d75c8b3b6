"""Guards that are put into a template's tree before it is compiled, where Jinja2 has no hook for
them: loops, the `~` operator, slices, and whatever makes, compares or hashes a value.

Each guard is a filter of the sandbox: `_each` pays for the steps of a loop, `_paid` for the size of
a value, all that is nested in it included. So no template can make a value which costs more to
compare or hash than the budget that it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.visitor import NodeTransformer


class Guards(NodeTransformer):
    """Puts them in."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        if node.recursive:
            raise TemplateSyntaxError("a loop may not be recursive", node.lineno)
        weight = sum(len(data.data) for body in node.body for data in _texts(body))
        node.iter = _filtered(cast(nodes.Expr, node.iter), "_each", nodes.Const(weight))
        return self.generic_visit(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        parts = nodes.List(node.nodes, lineno=node.lineno)
        self.generic_visit(parts)
        return _filtered(parts, "join")

    def visit_List(self, node: nodes.List) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(node, "_paid")

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(node, "_paid") if node.ctx == "load" else node

    def visit_Pair(self, node: nodes.Pair) -> nodes.Node:
        self.generic_visit(node)
        node.key, node.value = _filtered(node.key, "_paid"), _filtered(node.value, "_paid")
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        node.expr = _filtered(node.expr, "_paid")
        for operand in node.ops:
            operand.expr = _filtered(operand.expr, "_paid")
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(node, "_paid") if isinstance(node.arg, nodes.Slice) else node


def _filtered(node: nodes.Expr, name: str, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)


def _texts(node: nodes.Node) -> Iterator[nodes.TemplateData]:
    if isinstance(node, nodes.TemplateData):
        yield node
    yield from node.find_all(nodes.TemplateData)
