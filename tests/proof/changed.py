"""changed - does a loop's note list all that the loop changes?

The annotated loop gives any value to what its note lists (see cut in prove). In the program that goto-cc
makes of it, these assignments stand between the loop's mark and an assumption; all others in the loop, and in the
functions that it calls, are what it changes. Each of those must have a counterpart among the former:
a variable by its name; a struct's member by struct and member, whatever the object, or by the struct as a
whole; what is written through a pointer to anything else ("*signedbv8": chars, "*unsignedbv8": octets) by
__CPROVER_havoc_object, as any_memory() has it for fields. (What a function's parameter points to is known
where a call says so.) A variable whose address is taken in the loop is one that it changes.

SPDX-License-Identifier: MIT
"""
import json
import re


def kind(irep):
    """A type in a word; a struct by its name."""
    of = irep.get('namedSub', {})
    return of['identifier']['id'].removeprefix('tag-') if irep['id'] == 'struct_tag' else \
        irep['id'] + of.get('width', {}).get('id', '')


def typed(irep, other):
    """A struct by its name; anything else as that says."""
    of = irep['namedSub']['type']
    return kind(of) if of['id'] == 'struct_tag' else other


def place(lvalue):
    """What is written to, in a word: variable, struct.member, struct, or *type."""
    if lvalue['id'] == 'symbol':
        return typed(lvalue, lvalue['namedSub']['identifier']['id'])
    below = lvalue['sub'][0]
    if lvalue['id'] == 'member':
        return f"{kind(below['namedSub']['type'])}.{lvalue['namedSub']['component_name']['id']}"
    if lvalue['id'] == 'dereference':
        return typed(lvalue, pointer(below) + kind(lvalue['namedSub']['type']))
    return typed(lvalue, place(below))  # of an array, most likely


def pointer(to):
    """How something is pointed to: "^" by a function's parameter, and else "*"."""
    while to['id'] in ('+', 'typecast'):
        to = to['sub'][0]
    return '^' if to['id'] == 'symbol' and to['namedSub']['identifier']['id'].count('::') == 1 else '*'


def bare(of):
    """An expression, without casts."""
    while of['id'] == 'typecast':
        of = of['sub'][0]
    return of


def variable(lvalue):
    """The variable that it is, or is part of; None: it lies behind a pointer."""
    while lvalue['id'] not in ('symbol', 'dereference') and lvalue.get('sub'):
        lvalue = lvalue['sub'][0]
    return lvalue['namedSub']['identifier']['id'] if lvalue['id'] == 'symbol' else None


def within(irep):
    """An expression, and all in it."""
    yield irep
    for part in irep.get('sub', []):
        yield from within(part)


def expressions(instructions, which):
    """All expressions of that kind."""
    for i in instructions:
        for top in [*i.get('operands', []), *([i['guard']] if 'guard' in i else [])]:
            yield from (e for e in within(top) if e['id'] == which)


def declared(instructions):
    """The variables that begin there."""
    return {variable(i['operands'][0]) for i in instructions if i['instructionId'] == 'DECL'}


class Program:
    """What goto-instrument --show-goto-functions --json-ui tells."""

    def __init__(self, text):
        of = next(part['functions'] for part in json.loads(text, strict=False) if 'functions' in part)
        self.bodies = {f['name']: f['instructions'] for f in of if f.get('instructions')}
        self.done = {}
        self.pointed_at = {variable(e['sub'][0]) for body in self.bodies.values()
                           for e in expressions(body, 'address_of')} & set(self.bodies)

    def changes(self, instructions, own):
        """What these change, but for those variables."""
        found = set()
        for i in instructions:
            if i['instructionId'] == 'OTHER' and 'HAVOC_OBJECT' in i['instruction']:
                found |= {'*'} | {place(e['sub'][0]) for e in expressions([i], 'address_of')}
            elif i['instructionId'] in ('ASSIGN', 'FUNCTION_CALL'):
                to = i['operands'][0]
                found |= {place(to)} if to['id'] != 'nil' and variable(to) not in own else set()
            if i['instructionId'] == 'FUNCTION_CALL':
                found |= self.call(*i['operands'][1:], own)
        return found

    def call(self, function, arguments, own):
        """What a call changes, but for those variables. Without a body: what its arguments point to."""
        name = variable(function)
        pointers = [a for a in arguments.get('sub', []) if a['namedSub']['type']['id'] == 'pointer']
        if name is None:
            found = set().union(*(self.function(each) for each in self.pointed_at))
        elif name in self.bodies:
            found = self.function(name)
        elif name.startswith(('nondet_', '__CPROVER_')):
            found = {'*'} if name == '__CPROVER_havoc_object' else set()
        else:
            pointers = [bare(p) for p in pointers]
            found = {'^' + kind(p['namedSub']['type']['sub'][0]) for p in pointers}
        return {at for p in found for at in ([p] if p[0] != '^' else self.pointed(p[1:], pointers, own))}

    @staticmethod
    def pointed(what, pointers, own):
        """What those of the arguments point to that point to such, but for those variables."""
        such = [p for p in pointers if kind(p['namedSub']['type']['sub'][0]) == what]
        for p in such:
            if p['id'] != 'address_of':
                yield pointer(p) + what
            elif variable(p['sub'][0]) not in own:
                yield place(p['sub'][0])
        if not such:
            yield '*' + what

    def function(self, name):
        """What a function changes, but for its own variables."""
        if name not in self.done:
            self.done[name] = set()
            body = self.bodies[name]
            own = declared(body) | {v for i in body for e in expressions([i], 'symbol')
                                    for v in [variable(e)] if re.fullmatch(re.escape(name) + r'::\w+', v)}
            self.done[name] = self.changes(body, own)
        return self.done[name]

    def forgotten(self):
        """What loops change and their notes do not list, in words."""
        return [f'{name}, line {line}: the loop changes {what}, and its note does not say so'
                for name, body in self.bodies.items()
                for at, i in enumerate(body) if re.search(r'ASSIGN \S+::turn_\d+ := 1\n', i['instruction'])
                for line in [i['sourceLocation']['line']]
                for what in self.of_loop(name, body, at)]

    def of_loop(self, name, body, at):
        """The same of one loop; its mark is there."""
        label = {m[1]: n for n, i in enumerate(body)
                 for m in [re.search(r'^ *(\d+): ', i['instruction'], re.M)] if m}
        back = [(label[m[1]], n) for n, i in enumerate(body) if n > at
                for m in [re.search(r'GOTO (\d+)$', i['instruction'].rstrip())] if m and label[m[1]] <= at]
        if not back:
            return []  # it never comes back
        head = max(to for to, _ in back)
        last = max(n for to, n in back if to == head)
        listed = next(n for n in range(at, last) if body[n]['instructionId'] == 'ASSUME')
        rest = body[head:at] + body[listed:last + 1]
        own = declared(body[head:last + 1]) | {v for v in declared(body) if re.search(r'::(turn|was)_\d+', v)}
        told = self.changes(body[at:listed], own)
        automatic = declared(body) - own
        doing = [i for i in rest if i['instructionId'] in ('ASSIGN', 'FUNCTION_CALL')
                 and not re.search(r'ASSIGN \S+::(turn|was)_\d', i['instruction'])]
        found = self.changes(rest, own) | {place(e['sub'][0]) for e in expressions(doing, 'address_of')
                                           if variable(e['sub'][0]) in automatic}
        return sorted(re.sub(r'^' + re.escape(name) + r'::(\d+::)*', '', p) for p in found
                      if not (p in told or p.partition('.')[0] in told or (p[0] in '*^' and '*' in told)))
