"""The templates that make_goldens.py renders."""

VARIABLES = {
    "a": 1,
    "b": -7,
    "f": 2.5,
    "g": 1e20,
    "big": 12345678901234567890123,
    "s": "Hello World",
    "t": " x,y ;z\n q ",
    "u": "héß😀é",
    "e": "",
    "n": None,
    "yes": True,
    "no": False,
    "l": [3, 1, 2],
    "l2": ["b", "A", "c", "a"],
    "ll": [[1, 2], [3, 4], [5, 6]],
    "d": {"x": 1, "y": [1, 2], "k": "v"},
    "d2": {"b": 2, "a": 1, "C": 3},
    "m": [
        {"role": "user", "content": "Hi", "n": 1},
        {"role": "assistant", "content": None, "n": 3},
        {"role": "user", "content": "x<y>", "n": 2},
    ],
}

FILTERS = """
b|abs;f|abs;s|abs;yes|abs
l|batch(2)|list;l|batch(2,0)|list;range(7)|batch(3,'x')|map('join')|join('/')
s|capitalize;'éa B'|capitalize;u|capitalize;12|capitalize
s|center(20);s|center(3);[s|center(16)]
l|count;u|count;d|count;n|count;5|count
undef|d;undef|d('x');e|d('x');e|d('x',true);n|default(7);n|default(7,boolean=true);e|default(default_value='q',boolean=1)
d2|dictsort;d2|dictsort(true);d2|dictsort(by='value');d2|dictsort(false,'value',true);d2|dictsort(by='x');l|dictsort
'<a href="x">&\\''|e;'<b>'|escape|escape;'<b>'|safe|escape;'<b>'|escape|forceescape
5|filesizeformat;1|filesizeformat;1000|filesizeformat;1500000|filesizeformat;1024|filesizeformat(true);(10**30)|filesizeformat;'12345'|filesizeformat
l|first;e|first;undef|first;m|first;s|first;d|first;[1,2]|select|first
'2.5'|float;'x'|float;'x'|float(1.5);n|float(2);'1e3'|float;'  7 '|float;'inf'|float;'1_0'|float;'1__0'|float;yes|float;big|float;l|float
'%s-%d'|format('a',3);'%(x)s'|format(x=1);'%s'|format;'a'|format(1);'%s %s'|format('a',b=1)
m|groupby('role');m|groupby('role')|map('first')|list;m|groupby('content',default='')|length;l2|groupby(0);ll|groupby(0,case_sensitive=true)
'a\\nb\\n\\nc'|indent;'a\\nb'|indent(2,true);'a\\n\\nb'|indent(1,blank=true);'a\\nb'|indent('> ',first=true);e|indent('x',true);5|indent;'a\\nb\\n'|indent
'42'|int;'42.9'|int;'x'|int;'x'|int(7);'0x1f'|int(0,16);'101'|int(base=2);f|int;n|int(3);yes|int;'1_000'|int;'-7'|int;g|int;l|int;'z'|int(base=36);'0b11'|int(base=0);'９'|int
d|items|list;undef|items|list;l|items|list
l|join;l|join(', ');m|join('-',attribute='role');undef|join;d|join(',');l2|join(d='+');[1,n,e,undef]|join('|');5|join
l|last;e|last;undef|last;d|last;[1]|select|last;range(3)|last;d.items()|last
u|length;l|length;undef|length;[1]|map('string')|length;d|length;n|length
t|list;d|list;undef|list;l|map('string')|list;5|list
'ÀB'|lower;'ΑΣ'|lower;n|lower;l2|lower
l|map('string')|list;m|map(attribute='role')|list;m|map(attribute='zz',default=0)|list;l2|map('replace','a','x')|list;ll|map(attribute=1)|list;ll|map('sum')|list;m|map(attribute='role.0')|list;l|map|list;l|map('nope')|list;undef|map('upper')|list;m|map(attribute='x',other=1)|list
l|max;l2|max;l2|max(case_sensitive=true);m|max(attribute='n');[]|max;[1,'a']|max
l|min;l2|min;l2|min(true);m|min(attribute='n');undef|min
d|pprint;[1,[2,3]]|pprint;m|pprint;range(40)|list|pprint;{'b':1,'a':{'z':1,'y':2}}|pprint;{'key':range(30)|list}|pprint;(1,)|pprint
l|reject('odd')|list;[0,1,e,'x']|reject|list;l|reject('gt',1)|list
m|rejectattr('content')|list|length;m|rejectattr('n','gt',1)|map(attribute='n')|list;m|rejectattr|list
s|replace('l','L');s|replace('l','L',1);s|replace('','-');112|replace(1,'x');s|replace('o','0',count=1);s|replace('x')
l|reverse|list;u|reverse;d|reverse|list;range(3)|reverse|list;e|reverse;[1,2]|map('string')|reverse|list;5|reverse
f|round;2.5|round;3.5|round;2.675|round(2);1234.5|round(-2);42.55|round(1,'floor');42.55|round(1,'ceil');5|round;15|round(-1);25|round(-1);5|round(0,'ceil');1.5|round(2,'x');-0.4|round;b|round(none);f|round(none);s|round
'<b>'|safe;('<b>'|safe) + '<';('<b>'|safe) ~ '<';('%s'|safe) % '<';('a'|safe).upper() is escaped;['<'|safe];('<'|safe)|replace('<','>');('a'|safe) * 2;('<{}>'|safe).format('x')
[0,1,e,'x']|select|list;l|select('odd')|list;l2|select('in',['a','b'])|list;l|select('divisibleby',3)|list;l|select('==',1)|list;l|select('nope')|list;l|select('>=',2)|list;l|select('>',2)|list;l|select('<',2)|list;l|select('<=',2)|list;l|select('!=',2)|list;l|reject('lt',2)|list
m|selectattr('content')|map(attribute='content')|list;m|selectattr('role','equalto','user')|list|length;m|selectattr('n','!=',1)|map(attribute='n')|join;m|selectattr('content','none')|list|length;m|selectattr|list
l|slice(2)|list;range(7)|slice(3)|list;range(7)|slice(3,'x')|list;l|slice(0)|list;[]|slice(2,0)|list
l|sort;l2|sort;l2|sort(case_sensitive=true);l|sort(true);m|sort(attribute='n')|map(attribute='n')|list;m|sort(attribute='role,n')|map(attribute='n')|list;ll|sort(reverse=true,attribute=1);[1,'a']|sort;undef|sort;d|sort;[[2,1],[1,9]]|sort
n|string;f|string;l|string;u|string;undef|string;('<'|safe)|string is escaped
l|sum;m|sum(attribute='n');[[1],[2]]|sum(start=[]);l|sum(start=10);[1.5,2]|sum;['a']|sum;undef|sum;[]|sum;['a']|sum(start='')
'hello wORLD'|title;"it's a (test)-case"|title;'éa'|title;'a_b 1c'|title
d|tojson;m|tojson;u|tojson;u|tojson(ensure_ascii=true);d|tojson(indent=2);d|tojson(indent='\\t');[[],{},[[]]]|tojson(indent=1);d|tojson(separators=(',',':'));{'b':1,'a':2}|tojson(sort_keys=true);f|tojson;big|tojson;g|tojson;n|tojson;'<&>\\'"\\\\'|tojson;'\\x01\\x7f\\u2028'|tojson;{1:2,none:3,true:4,1.5:5}|tojson;{(1,2):3}|tojson;(1,2)|tojson;undef|tojson;range(2)|tojson;d.keys()|tojson;('inf'|float)|tojson;l|select|tojson;d|tojson(indent=0);d|tojson(true)
t|trim;'xxaxx'|trim('x');5|trim;e|trim;t|trim(chars=' xq')
'foo bar baz qux'|truncate(9);'foo bar baz qux'|truncate(9,true);'foo bar baz qux'|truncate(11);'foo bar baz qux'|truncate(11,false,'...',0);s|truncate(2);s|truncate(3,true,'');u|truncate(4,true,'.',0);l|truncate(5);undef|truncate(9)
l2|unique|list;l2|unique(true)|list;[1,1.0,true,'1']|unique|list;m|unique(attribute='role')|map(attribute='n')|list;[[1]]|unique|list
'straße'|upper;s|upper;n|upper;l2|upper
'a b/ç?&=~'|urlencode;d2|urlencode;[('a','x y'),('b','/')]|urlencode;5|urlencode
'a b-c_d é! 12'|wordcount;e|wordcount;n|wordcount
'the quick brown fox-trot'|wordwrap(10);'abcdefghij'|wordwrap(4);'abcdefghij kl'|wordwrap(4,false);'a b\\n\\nc d'|wordwrap(3);'a b c'|wordwrap(3,wrapstring='|');'well-known state-of-the-art'|wordwrap(8);'well-known'|wordwrap(6,true,none,false);s|wordwrap(0)
s|attr('upper') is callable;d|attr('x') is undefined;s|attr('nope') is undefined
[1]|random;[]|random is undefined
s|nope;n|upper|nope
"""

TESTS = """
yes is boolean;1 is boolean;s.upper is callable;range is callable;s is callable;undef is callable
a is defined;undef is defined;d.zz is defined;d.x is defined;undef is undefined;n is undefined
6 is divisibleby 3;6 is divisibleby(4);7 is divisibleby 0;1 is eq 1;1 is equalto(1.0);'a' is eq('b');1 is ne 2
('<'|safe) is escaped;s is escaped;4 is even;b is odd;f is odd;s is odd;no is false;0 is false;yes is true;1 is true
'upper' is filter;'nope' is filter;[] is filter;1.0 is float;1 is float;1 is integer;yes is integer;1.5 is integer
2 is ge 2;2 is gt 1;2 is greaterthan(3);2 is le 1;2 is lt 3;2 is lessthan 2;'a' is gt 1
1 is in [1,2];'x' is in('xyz');'x' is in d;5 is in d;1 is in 1;s is iterable;1 is iterable;undef is iterable;range(2) is iterable
'abc' is lower;'aB' is lower;'' is lower;'ABC' is upper;'A1' is upper;'1' is upper;d is mapping;l is mapping;undef is mapping
n is none;0 is none;undef is none;1 is number;yes is number;f is number;'1' is number;n is sameas none;1 is sameas(1);l is sameas l;l is sameas([3,1,2])
l is sequence;s is sequence;d is sequence;range(2) is sequence;5 is sequence;undef is sequence;d.keys() is sequence;(1,) is sequence
s is string;1 is string;('a'|safe) is string;'odd' is test;'nope' is test;s is nope;(1 if no else 2) is even;not a is none;a is not none;a is not divisibleby 2
"""

METHODS = """
s.capitalize();s.casefold();'ß'.casefold();s.center(21,'*');s.center(4);s.count('l');s.count('l',4);s.count('');s.count('o',-3,99);s.endswith('ld');s.endswith(('x','d'));s.endswith('Wo',0,8)
'a\\tbc\\td'.expandtabs();'a\\tb'.expandtabs(4);'a\\tb'.expandtabs(tabsize=2);s.find('o');s.find('o',5);s.find('zz');u.find('é',2);s.index('W');s.index('zz');s.rfind('o');s.rindex('l',0,4);s.find('',20)
'{} {}'.format(1,'a');'{1}{0}{1}'.format('a','b');'{x}'.format(x=3);'{0.x}'.format(d);'{0[y][1]}'.format(d);'{:>8}|'.format('ab');'{:*^8}'.format('ab');'{:08.3f}'.format(3.14159);'{:,}'.format(1234567);'{:+d}'.format(5);'{:x} {:#o} {:b}'.format(255,8,5);'{:%}'.format(0.256);'{!r:>6}'.format('a');'{:{}}'.format('a',4);'{{}}'.format();'{'.format();'}'.format();'{}'.format();'{} {0}'.format(1);'{:d}'.format('a');'{:.2}'.format('abc');'{:e}'.format(12345.678);'{:g}'.format(1e10);'{:}'.format(l);'{:5}'.format(l);'{:c}'.format(65);'{:_x}'.format(1048575);'{a}'.format_map({'a':1});'{:=+6}'.format(4);'{:z.1f}'.format(-0.01)
'aé1'.isalnum();'aé'.isalpha();'a'.isascii();'é'.isascii();'１'.isdecimal();'²'.isdigit();'a_1'.isidentifier();'1a'.isidentifier();'aé'.islower();'½'.isnumeric();'a\\n'.isprintable();' \\t'.isspace();''.isspace();'Ab Cd'.istitle();'AB'.isupper();'A b'.istitle()
','.join(l2);','.join(l);s.ljust(14,'.')~'|';s.rjust(14);'abc'.lower();'ABC'.lower();'  a '.lstrip()~'|';'  a '.rstrip()~'|';'xaxb'.strip('xb');s.partition(' ');s.partition('zz');s.rpartition('o');s.rpartition('zz');s.partition('')
s.removeprefix('He');s.removeprefix('x');s.removesuffix('ld');s.replace('l','');s.replace('l','L',2);'ab'.replace('','.');s.replace('o','0',-1);s.split();s.split('o');s.split('o',1);t.split();t.split(none,1);t.split(',');s.split('');s.rsplit('o',1);t.rsplit(none,1);s.rsplit();s.split(sep='l',maxsplit=1);s.split(maxsplit=0)
'a\\nb\\r\\nc\\x0bd'.splitlines();'a\\nb\\n'.splitlines(true);'a\\n\\nb'.splitlines(keepends=false);s.startswith('He');s.startswith(('x','H'));s.startswith('W',6);s.startswith(1);'aBc'.swapcase();"they're bill's".title();'éa ßb'.title();'abc'.translate({97:'X',98:none,99:100});'straße'.upper();'-5'.zfill(4);'5'.zfill(3);'+5'.zfill(1)
d.copy();d.get('x');d.get('zz');d.get('zz',5);d.get();d.items();d.keys();d.values();d.items()|list;d.keys()|list|length;d.pop('x');d.pop('zz');d.pop('zz',1);d.popitem();d.setdefault('x',9);d.setdefault('w',9);d.fromkeys([1,2],0);dict.fromkeys('ab');d.keys() == {'x':0,'y':0,'k':0}.keys();'x' in d.keys();('x',1) in d.items();1 in d.values()
l.count(1);l.index(2);l.index(9);l.copy();l.pop();l.pop(0);l.pop(9);(1,2,1).count(1);(1,2).index(2);5 .bit_length();f.is_integer();s.upper(1);s.nope();s.upper(x=1)
"""

MUTATIONS = [
    "{% set _ = l.append(4) %}{{ l }}{% set _ = l.extend('ab') %}{{ l }}{% set _ = l.insert(1, 'i') %}{{ l }}",
    "{% set _ = l.insert(-1, 'i') %}{{ l }}{% set _ = l.insert(99, 'j') %}{{ l }}{% set _ = l.remove(1) %}{{ l }}",
    "{% set _ = l.sort() %}{{ l }}{% set _ = l.sort(reverse=true) %}{{ l }}{% set _ = l.reverse() %}{{ l }}{% set _ = l.clear() %}{{ l }}",
    "{% set _ = d.update({'q': 1}, r=2) %}{{ d }}{% set _ = d.update([('s', 3)]) %}{{ d }}{% set _ = d.clear() %}{{ d }}",
    "{% set c = l.copy() %}{% set _ = c.pop() %}{{ l }}{{ c }}{{ l.remove(9) }}",
    "{% for x in d %}{% set _ = d.update({x ~ '1': 1}) %}{% endfor %}",
    "{% for x in l %}{% if x < 5 %}{% set _ = l.append(x + 1) %}{% endif %}{{ x }}{% endfor %}",
]

EXPRESSIONS = """
1 + 2 * 3 ** 2;-2 ** 2;2 ** 3 ** 2;7 // 2;-7 // 2;7 % 3;-7 % 3;7 % -3;7 / 2;6 / 3;1 / 0;1 // 0;1 % 0;1.5 // 0;2 ** -1;2 ** 0.5;10 ** 20;big * big;big // 7;big % 7;big / 3;0.1 + 0.2;1e16;1e15;1e-5;0.0001;-0.0;1e300 * 1e10;7.5 // 2;-7.5 // 2;-7.5 % 2;7 % -2.5;1_000;0x1F;0b101;0o17;1e3;1_0.5e1_0
true + true;yes * 3;1 == 1.0;1 == true;'1' == 1;1 < 2 < 3;1 < 3 < 2;1 == 1 != 2;'a' < 'b';'a' < 1;[1,2] < [1,3];(1,) < (1,2);l < 1;n < 1;n == none;undef == undef2;undef == none;undef + 1;1 + undef;undef ~ 'a';-undef;undef.x;undef['x'];undef();d.zz;d.zz.q;d['zz'];d[l];l[9];l['x'];l.x;l[-1];l[yes];u[1];u[-1];u[3];n.x;5 .x
'a' + 'b';'a' + 1;'a' * 3;3 * 'a';'a' * -1;[1] * 2;(1,) * 2;[1] + [2];(1,) + (2,);[1] + (2,);'a' ~ 1 ~ n ~ yes ~ f;1 ~ 2 + 3;'a' 'b' "c"
'b' in 'abc';'' in 'abc';1 in 'abc';1 in l;4 not in l;'x' in d;n in [n];l in [l];1 in 5;not yes;not l;not not e;no or 'x';0 and undef;'' or n or 'z';1 and 2;yes and no or 3;not 1 == 2
1 if yes else 2;1 if no;(1 if no) is undefined;(1 if no else 2 if no else 3);[1,2,][0];(1,);();{};{'a':1,}['a'];{1:2}[1.0];{(1,2):3}[(1,2)];{[1]:2};[[1,2],[3]][1][0];[1,'a',n,yes,f,[],{},(1,)];{'a':[1],2:n};('a','b"','c\\'','\\n\\t\\\\','é\\u200b\\x00');[undef]
l[1:];l[:-1];l[::-1];l[::2];l[5:];l[-2:];l[1:1];s[1:4];s[::-2];u[1:4];u[::-1];(1,2,3)[1:];range(9)[2:7:2];range(9)[::-1]|list;l[::0];l['a':];d[1:];n[1:];s[none:3];s[10:0:-3];l[-99:99]
range(3)|list;range(1,4)|list;range(5,0,-2)|list;range(0);range(2,5);range(0,9,3);range(1.5);range(1,2,0);range();range(100001);3 in range(5);range(3)[-1];range(5)|sum;range(0) == range(2,2)
dict(a=1,b=2);dict(d,x=9);dict([(1,2)]);dict({'a':1},**{'b':2});dict(1);namespace(a=1).a;namespace({'q':2}).q;namespace(a=1);namespace().zz;namespace(_x=1);cycler('a','b').next();cycler();joiner()();strftime_now('%Y-%m-%d %H:%M:%S');strftime_now('%d %B %Y, %A %b %a %j %p %I %y %U %W %u %w %-d %-m %e %%');strftime_now('%-I %k %l %C %D %F %T %R %r %c %x %X %G-%V %^a %#p %_d %Z%z|%q|%f')
raise_exception('stop here');raise_exception();range(*[1,4])|list;dict(**{'a':1});dict(*[1,2]);'%s' % 'a';'%s %s' % (1,'b');'%d%%' % 5;'%5.1f|' % 2.25;'%-6s|' % 'ab';'%06d' % -42;'%x %X %#o' % (255,255,8);'%e' % 12345.678;'%g %g' % (1e10,0.0001);'%c%c' % (65,'b');'%r' % 'a';'%(k)s' % d;'%s' % d;'%s' % l;'%s' % (l,);'%s %s' % 'a';'%d' % 'a';'%q' % 1;'%' % 1;'a' % 1;'%*d' % (5,1);'%.3s' % 'abcdef';'%+d % d' % (1,1);'%i' % 2.9;'%s' % undef;'%a' % 'é';'%.0f %.0f' % (0.5,1.5);'%5%|' % ();'%5s' % n
m[0].role;m[0]['role'];m[-1].content;m.0.role;ll.1.0;d.y.1;d['y'][0];s.0;(l|first).x;(m|first).role;[m[0]][0].n + 1;l|length + 1;-l|length;s|upper ~ '!';'a'|upper + 'b';a|string|length;f|int|string ~ f;l|sort|first|string;s.split(' ')|map('upper')|join('_');not a|string;1 + a if a else b;a.__class__;s.__class__.__mro__;d.__init__ is defined;range.__globals__ is defined;''['__class__'] is defined;'{0.__class__}'.format(1);a;b;f;g;big;yes;n;u;l;d
"""

STATEMENTS = [
    # loops
    "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }};{% endfor %}",
    "{% for x in l %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }};{% endfor %}",
    "{% for x in l %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }};{% endfor %}",
    "{% for x in l2 %}{{ loop.cycle('odd', 'even') }}{{ loop.changed(x|lower) }}{% endfor %}{% for x in [1,1,2] %}{{ loop.changed(x) }}{% endfor %}",
    "{% for x in l %}{{ loop.cycle() }}{% endfor %}",
    "{% for x in l|select('odd') %}{{ loop.length }}{{ loop.last }}{{ loop.revindex }};{% endfor %}",
    "{% for x in l if x > 1 %}{{ loop.index }}/{{ loop.length }}:{{ x }} {% else %}none{% endfor %}",
    "{% for x in l if x > 5 %}{{ x }}{% else %}none{% endfor %}",
    "{% for x, y in ll if x > 1 %}{{ loop.previtem }}{{ x }}{{ y }}{% endfor %}",
    "{% for x in [] %}{% else %}{{ loop is defined }}{% endfor %}",
    "{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% else %}E{% endfor %}",
    "{% for x in l %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% else %}E{% endfor %}",
    "{% for x in l %}{% break %}{% else %}E{% endfor %}{% for x in l %}{% continue %}{% else %}F{% endfor %}",
    "{% for x in l %}{% for y in l2 %}{% if y == 'c' %}{% break %}{% endif %}{{ x }}{{ y }}{{ loop.index }} {% endfor %}{{ loop.index }};{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for k in d %}{{ k }}{% endfor %}{% for k, v in d|dictsort %}{{ k }}{% endfor %}",
    "{% for (x, y) in ll %}{{ x }}{{ y }}{% endfor %}{% for x, (y, z) in [[1, [2, 3]]] %}{{ x }}{{ y }}{{ z }}{% endfor %}",
    "{% for x, y in l %}{% endfor %}", "{% for x, y, z in ll %}{% endfor %}", "{% for x, y in [[1, 2, 3]] %}{% endfor %}",
    "{% for c in u %}[{{ c }}]{% endfor %}", "{% for x in 5 %}{% endfor %}", "{% for x in none %}{% endfor %}", "{% for x in undef %}a{% else %}b{% endfor %}",
    "{% for i in [1, [2, [3]]] recursive %}{{ loop.depth }}:{% if i is iterable %}({{ loop(i) }}){% else %}{{ i }}{% endif %}{% endfor %}",
    "{% for i in [[1, [2]], 3] recursive %}{% if i is iterable %}<{{ loop(i) }}>{% else %}{{ i }}{% endif %}{% else %}empty{% endfor %}",
    "{% for i in l %}{{ loop(l) }}{% endfor %}", "{{ loop is defined }}{{ loop }}", "{% for x in l %}{{ loop }}{% endfor %}",
    "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}", "{% for x in (1 if no else [7]) %}{{ x }}{% endfor %}", "{% for x in l: %}{{ x }}{% endfor %}",
    "{% for loop in l %}{% endfor %}", "{% break %}", "{% for x in l %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}",
    "{% for x in l %}{% for y in l %}{{ loop.index }}{{ loop.last }}{% endfor %}|{% endfor %}",
    # scopes
    "{% set x = 1 %}{% for i in l %}{{ x }}{% set x = x + 1 %}{{ x }};{% endfor %}{{ x }}",
    "{% for i in l %}{% set q = i %}{% endfor %}{{ q is defined }}",
    "{% if yes %}{% set q = 5 %}{% endif %}{{ q }}{% if no %}{% set r = 5 %}{% endif %}{{ r is defined }}",
    "{% for i in l %}{{ a }}{% endfor %}{% set a = 9 %}{{ a }}",
    "{{ a }}{% for i in l %}{{ a }}{% endfor %}{% set a = 9 %}{{ a }}",
    "{% if no %}{% set a = 9 %}{% endif %}{{ a }}{% for i in l %}{% if i == 1 %}{% set a = 8 %}{% endif %}{{ a }}{% endfor %}{{ a }}",
    "{% set ns = namespace(n=0, l=[]) %}{% for i in l %}{% set ns.n = ns.n + i %}{% set ns.l = ns.l + [i] %}{% endfor %}{{ ns.n }}{{ ns.l }}{{ ns['n'] }}{{ ns }}",
    "{% set ns = namespace() %}{% set ns.a, ns.b = 1, 2 %}{{ ns.a }}{{ ns.b }}{{ ns.c is defined }}{% set ns._x = 1 %}",
    "{% set d.x = 1 %}", "{% set undef.x = 1 %}", "{% set x, y = 1, 2 %}{{ x }}{{ y }}{% set (x, y) = (y, x) %}{{ x }}{{ y }}", "{% set x = 1, 2 %}{{ x }}", "{% set x, y = 1 %}",
    "{% set x %}a{{ a }}{% endset %}[{{ x }}]{% set x | upper | trim %} abc {% endset %}[{{ x }}]", "{% set x %}{% set y = 2 %}{{ y }}{% endset %}{{ x }}{{ y is defined }}",
    "{% for i in l %}{% set x %}{{ i }}{% if i == 1 %}{% break %}{% endif %}{% endset %}{{ x }}{% endfor %}",
    "{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q is defined }}{% with x = 1, y = a + 1 %}{{ x }}{{ y }}{% endwith %}{% with a = 5, z = a %}{{ a }}{{ z }}{% endwith %}{{ a }}",
    "{% filter upper %}a{{ s }}{% endfilter %}{% filter replace('l', 'L') | trim %} {{ s }} {% endfilter %}{% filter indent(2, true) %}a\nb{% endfilter %}",
    "{% autoescape false %}{{ '<' }}{% set q = 1 %}{% endautoescape %}{{ q is defined }}",
    "{% print 1, 'a', a %}", "{% generation %}a{{ a }}{% set q = 1 %}{% endgeneration %}{{ q is defined }}",
    "{% block one %}1{{ a }}{% endblock %}{% block two %}2{% endblock two %}{{ self.one() }}", "{% for x in l %}{% block b %}{{ x is defined }}{% endblock %}{% endfor %}", "{% for x in l %}{% block b scoped %}{{ x }}{% endblock %}{% endfor %}",
    "{% set q = 5 %}{% block b %}{{ q }}{{ super is defined }}{% endblock %}", "{% block b %}{% endblock %}{% block b %}{% endblock %}", "{% block b required %}{% endblock %}",
    "{% include 'x' %}", "{% if no %}{% include 'x' %}{% import 'y' as y %}{% from 'z' import a as b, c with context %}{% extends 'q' %}{% endif %}ok", "{% import 'x' as y %}",
    # conditions
    "{% if a %}1{% elif b %}2{% else %}3{% endif %}{% if n %}1{% elif b %}2{% else %}3{% endif %}{% if n %}1{% elif e %}2{% else %}3{% endif %}{% if l | length > 2 and not n %}y{% endif %}",
    "{% if no %}{{ s | nope }}{{ s is nope }}{% endif %}{{ (s | nope) if no else 'ok' }}", "{% if no %}{% for x in l %}{{ s | nope }}{% endfor %}{% endif %}", "{% if yes %}{{ s | nope }}{% endif %}",
    # macros
    "{% macro f(x, y=2, z=x) %}{{ x }}{{ y }}{{ z }};{% endmacro %}{{ f(1) }}{{ f(1, 3) }}{{ f(1, z=9) }}{{ f(y=1, x=5) }}{{ f() }}{{ f.name }}{{ f.arguments }}{{ f.catch_kwargs }}{{ f.catch_varargs }}{{ f.caller }}",
    "{% macro f(x) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, 3, k=4) }}{{ f() }}", "{% macro f(x) %}{% endmacro %}{{ f(1, 2) }}", "{% macro f(x) %}{% endmacro %}{{ f(y=2) }}", "{% macro f(x) %}{% endmacro %}{{ f(1, x=2) }}",
    "{% macro f() %}<{{ caller() }}>{% endmacro %}{% call f() %}in{{ a }}{% endcall %}", "{% macro f() %}{{ caller(1, y=2) }}{% endmacro %}{% call(x, y=0) f() %}{{ x }}{{ y }}{% endcall %}", "{% macro f() %}{{ caller is defined }}{{ caller }}{% endmacro %}{{ f() }}", "{% macro f() %}{{ caller() }}{% endmacro %}{{ f() }}", "{% macro f() %}x{% endmacro %}{% call f() %}{% endcall %}",
    "{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", "{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}g{% endmacro %}{{ f() }}", "{% macro f() %}{{ q }}{% endmacro %}{% set q = 1 %}{{ f() }}{% set q = 2 %}{{ f() }}",
    "{% macro f(x) %}{% set x = x + 1 %}{{ x }}{% endmacro %}{% set x = 5 %}{{ f(1) }}{{ x }}", "{% macro f() %} a {% endmacro %}[{{ f() | trim }}]{{ f() is string }}{{ f()|length }}", "{% for i in l %}{% macro f() %}{{ i }}{% endmacro %}{{ f() }}{% endfor %}",
    "{% macro f(x, x2=x ~ '!') %}{{ x2 }}{% endmacro %}{{ f('a') }}{% macro g(a=a) %}{{ a }}{% endmacro %}{{ g() }}", "{% macro f(x=1, y) %}{% endmacro %}", "{% macro f(*a) %}{% endmacro %}", "{% set f = 5 %}{{ f() }}", "{{ s() }}", "{{ f(1)(2) }}",
    "{% macro outer() %}{% macro inner(x) %}[{{ x }}]{% endmacro %}{{ inner(1) }}{% endmacro %}{{ outer() }}", "{% macro f(x) %}{{ x }}{% endmacro %}{{ f(*[1]) }}{{ f(**{'x': 2}) }}{{ f(*[1], **{'x': 2}) }}", "{% call f %}{% endcall %}", "{% macro f() %}{% call g() %}{{ caller is defined }}{% endcall %}{% endmacro %}{% macro g() %}({{ caller() }}){% endmacro %}{{ f() }}",
    # generators are read once
    "{% set g = l | map('string') %}{{ g | join }}|{{ g | join }}|{{ 'y' if g }}", "{% set g = m | selectattr('zz') %}{{ 'y' if g else 'n' }}{{ g | list }}", "{% set g = d | items %}{{ g | first }}{{ g | list }}",
    # cyclers and joiners
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{{ c.reset() }}{{ c.current }}", "{% set j = joiner('|') %}{% for x in l %}{{ j() }}{{ x }}{% endfor %}{% set j = joiner() %}{{ j() }}{{ j() }}",
    # malformed
    "{{ }}", "{{ a", "{% if a %}", "{% endif %}", "{% for x in l %}", "{% nope %}", "{{ a b }}", "{{ 'a }}", "{{ (a }}", "{{ a) }}", "{{ [1, 2 }}", "{{ {1 2} }}", "{{ a | }}", "{{ a is }}", "{{ a . }}", "{{ a[ }}", "{{ a[1:2, 3] }}", "{{ $ }}", "{{ a ! b }}", "{% set 1 = 2 %}", "{% set true = 2 %}", "{% set x[0] = 2 %}", "{% for 1 in l %}{% endfor %}", "{% for x of l %}{% endfor %}", "{% set %}", "{% macro 1() %}{% endmacro %}", "{# a", "{% raw %}a", "{% if a %}{% endfor %}", "{% else %}", "{{ f(a=1, 2) }}", "{{ f(a=1, a=2) }}", "{{ f(**d, *l) }}", "{{ a is defined is defined }}", "{{ '\\N{nope}' }}", "{{ '\\x1' }}", "{% filter %}{% endfilter %}", "{% call 5 %}{% endcall %}", "{%", "{% %}", "{{ a if }}", "{{ not }}", "{{ 1 + }}", "{{ , }}", "{{ 007 }}", "{{ 1__0 }}", "{{ 1. }}", "{{ .5 }}",
    # literals
    "{{ 'a\\tb\\x41\\u00e9\\U0001F600\\101\\q\\\nc\\'' }}", '{{ "it\'s \\"q\\"" }}', "{{ '\\N{SNOWMAN}' }}", "{{ 'multi\nline' }}", "{{ True }}{{ False }}{{ None }}{{ true }}{{ none }}", "{{ é }}{% set é = 1 %}{{ é }}", "{{ 1.e5 }}", "{{ 'a'~1.5.__class__ }}",
]

WHITESPACE = [
    "a {{- a }} b {{ a -}} c", "a\n  {% if yes %}\n  b\n  {% endif %}\nc\n", "a\n  {%- if yes -%}\n  b\n  {%- endif -%}\nc", "a {%+ if yes +%} b {%+ endif +%} c", "a\n{# c #}\nb", "a\n  {#- c -#}  \nb", "a {#+ c +#} b", "a\n\n", "a\n", "\n", "", "a\r\nb\rc\n", "  {% raw %}  {{ x }} {% y %} {# z #}\n  {% endraw %}  b", "a {%- raw -%}  x  {%- endraw -%}  b", "{% raw -%} x {%- endraw +%}\nb", "{%if yes%}a{%endif%}", "{{'a'}}{{-'b'-}} c", "x{{ {'a': {'b': 1}} }}", "{{ {'a': 1}}}", "{% set x = {'a': '}}'} %}{{ x }}", "a{#-#}b", "{# {% if #}a", "{{ '{{' }}{{ '%}' }}", "a {{+ a }}", "  {{ a }}  ", "\t{% if yes %}\tx\t{% endif %}\t", "a\n \t {% if yes %}b{% endif %}\n", "{% if yes %}\n\n\nx{% endif %}\n\n", "{{ a }}\n\n{{ a }}\n", "{% for x in l %}\n{{ x }}\n{% endfor %}\n", "{% for x in l -%}\n{{ x }}\n{%- endfor %}", "    {%- set x = 1 %}\n    {{ x }}\n", "a\u00a0\u2003{%- if yes %}b{% endif %}", "{ { a } } {a} {%a%", "{", "}} %} #}",
]


def templates():
    for block in (FILTERS, TESTS, METHODS, EXPRESSIONS):
        for line in block.strip().splitlines():
            yield from (f"{{{{ {case} }}}}" for case in split(line))
    yield from MUTATIONS
    yield from STATEMENTS
    yield from WHITESPACE


def split(line):
    """The cases of a line: semicolons outside brackets and strings separate them."""
    cases, case, depth, quote = [], "", 0, ""
    escaped = False
    for c in line:
        if quote:
            quote = "" if c == quote and not escaped else quote
            escaped = c == "\\" and not escaped
        elif c in "'\"":
            quote = c
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        if c == ";" and depth == 0 and not quote:
            cases.append(case)
            case = ""
        else:
            case += c
    return cases + [case]
