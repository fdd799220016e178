x = 5
y = x * 2 + 1
print(x, y)
# ---
s = "Hello, World"
print(s.upper(), s.lower(), s.swapcase())
print(s.replace("World", "Go"))
print(s.find("World"), s.find("x"), s.rfind("o"), s.count("l"))
print(s.startswith("Hell"), s.endswith("x"), s.startswith(("a", "H")))
print(s[0], s[-1], s[1:4], s[:-2], s[-3:], s[3:100])
print(len(s))
# ---
print("  a b ".strip() + "|", "  a".lstrip() + "|", "a  ".rstrip() + "|", "xxaxx".strip("x"))
# ---
print("a,b,c".split(","), "a b  c".split(), "a=b=c".split("=", 1))
print(",".join(["x", "y", "z"]), "-".join("abc"))
# ---
print("%s is %d years and %.2f" % ("Bob", 42, 3.14159))
print("%5d|%-5d|%05d" % (42, 42, 42))
print("%s" % "single", "%d%%" % 50)
print("%(name)s-%(n)d" % {"name": "x", "n": 3})
print("%r %s %s" % ("q", True, None))
print("%x %o %e" % (255, 8, 12345.678))
# ---
print("{} {}".format("a", 1), "{0}-{1}-{0}".format("x", "y"), "{name}:{n:03d}".format(name="k", n=7))
print("{:>5}|{:<5}|{:.2f}".format("ab", "cd", 2.5))
# ---
l = [3, 1, 2]
l.append(5)
l.extend([9, 8])
l.insert(0, 7)
print(l, len(l))
l.remove(9)
print(l.index(5), l.count(1))
p = l.pop()
print(p, l)
l.sort()
print(l)
l.reverse()
print(l)
print(sorted(l), min(l), max(l), sum(l))
# ---
l = ["b", "a", "c"]
print(sorted(l), sorted(l, reverse=True))
l.sort(reverse=True)
print(l)
print(l[-1], l[1:], l[:-1], l[:1])
# ---
d = {"a": 1, "b": 2}
d["c"] = 3
print(d)
print(d["a"], d.get("z", 9), "a" in d, "z" not in d)
for k in sorted(d):
    print(k, d[k])
for k, v in sorted(d.items()):
    print(k, v)
del d["a"]
print(len(d), d)
d.update({"x": 10, "y": 11})
print(sorted(d.keys()))
print(list(d.values()))
# ---
a, b = 1, 2
a, b = b, a
print(a, b)
t = (1, "x")
n, m = t
print(n, m, t[0], t[1])
print(t)
# ---
squares = [i * i for i in range(5)]
evens = [i for i in range(10) if i % 2 == 0]
print(squares, evens)
pairs = [(i, j) for i in range(2) for j in range(2)]
print(pairs)
dd = {k: len(k) for k in ["a", "bb"]}
print(dd)
# ---
for i in range(3):
    print(i)
for i in range(1, 4):
    print(i)
for i in range(10, 0, -3):
    print(i)
# ---
i = 0
while i < 3:
    i += 1
    if i == 2:
        continue
    print(i)
while True:
    i -= 1
    if i < 0:
        break
print(i)
# ---
def add(a, b=10):
    return a + b
print(add(1), add(1, 2), add(b=5, a=1))
# ---
def greet(name, greeting="Hello"):
    """Says hello."""
    msg = "%s, %s!" % (greeting, name)
    return msg
print(greet("Bob"))
print(greet("Al", greeting="Hi"))
# ---
def classify(n):
    if n < 0:
        return "neg"
    elif n == 0:
        return "zero"
    else:
        return "pos"
print(classify(-1), classify(0), classify(5))
# ---
def divide(a, b):
    return a // b, a % b
q, r = divide(17, 5)
print(q, r)
print(-7 // 2, -7 % 3, 7 // -2)
# ---
x = 5
print(1 < x < 10, 1 < x < 3, 0 <= x <= 5 < 6)
# ---
name = ""
items = []
if not name and not items:
    print("empty")
items.append("a")
if items:
    print("has items")
if name or items:
    print("some")
# ---
people = [("Al", 30), ("Bob", 25)]
for name, age in people:
    print(name, age)
people.sort(key=lambda p: p[1])
print(people)
print(sorted(people, key=lambda p: p[0], reverse=True))
# ---
words = ["banana", "kiwi", "apple"]
print(sorted(words, key=len))
print(sorted(words, key=lambda w: w[-1]))
print(max(words, key=len), min(words, key=len))
# ---
for i, w in enumerate(["x", "y"]):
    print(i, w)
for a, b in zip([1, 2, 3], ["a", "b", "c"]):
    print(a, b)
for i, w in enumerate(["x", "y"], 1):
    print(i, w)
# ---
print(True, False, None, 1.0, 2.5, 1e20, 0.1 + 0.2)
print([1, 2.5, "x"], {"k": [1, 2]}, (1, 2))
print([True, None], ["it's"], 'say "hi"')
# ---
print(int("42") + 1, float("2.5"), str(42) + "!", int(3.9), str(1.5), str(True))
print(abs(-3), abs(-2.5), round(2.567, 2))
# ---
total = 0
for v in [1, 2.5, 3]:
    total += v
print(total)
# ---
count = 0
for c in "hello":
    if c == "l":
        count += 1
print(count)
# ---
import os
print(os.path.join("a", "b.txt"), os.path.basename("/x/y.z"), os.path.dirname("/x/y.z"))
print(os.path.splitext("photo.jpg"))
root, ext = os.path.splitext("a/b.tar")
print(root, ext, os.path.exists("/no/such"), os.path.isdir("/"))
# ---
import os
f = open("/tmp/pawsh_py_test.txt", "w")
f.write("line1\nline2\n")
f.close()
print(open("/tmp/pawsh_py_test.txt").read())
with open("/tmp/pawsh_py_test.txt") as fp:
    data = fp.read()
print(len(data), data.splitlines())
for line in open("/tmp/pawsh_py_test.txt"):
    print(line.strip())
with open("/tmp/pawsh_py_test.txt", "a") as fp:
    fp.write("more\n")
with open("/tmp/pawsh_py_test.txt") as fp:
    for line in fp:
        print(line.rstrip())
with open("/tmp/pawsh_py_test.txt") as fp:
    lines = fp.readlines()
print(lines)
os.remove("/tmp/pawsh_py_test.txt")
print(os.path.exists("/tmp/pawsh_py_test.txt"))
# ---
import json
doc = {"a": 1, "b": [1, 2], "c": "x"}
print(json.dumps(doc))
print(json.dumps({"Statement": [{"Action": "s3:*", "Effect": "Allow"}], "Version": "2012"}))
back = json.loads('{"name": "n", "k": "v"}')
print(back["name"])
# ---
import base64
e = base64.b64encode("hello".encode()).decode()
print(e)
print(base64.b64decode("aGVsbG8=").decode())
# ---
import datetime
d = datetime.datetime(2012, 3, 4, 5, 6, 7)
print(d)
print(d.year, d.month, d.day, d.hour)
print(d.strftime("%Y-%m-%d %H:%M:%S"))
print(d + datetime.timedelta(days=1, hours=2))
e = d - datetime.timedelta(minutes=30)
print(e.isoformat())
print((d - e).total_seconds())
print(d > e, d == e)
# ---
from datetime import datetime, timedelta
a = datetime(2020, 1, 31)
b = a + timedelta(days=1)
print(b.strftime("%d/%m/%Y"), (b - a).days, b - a)
# ---
import math
print(math.ceil(2.1), math.floor(2.9), math.sqrt(16), math.pi > 3)
# ---
x = "yes" if 3 > 2 else "no"
print(x)
n = 7
print("even" if n % 2 == 0 else "odd")
# ---
s = set([1, 2, 2, 3])
print(len(s), 2 in s)
s.add(9)
print(sorted(s))
print({1, 2} & {2, 3}, {1} | {2})
# ---
matrix = [[1, 2], [3, 4]]
for row in matrix:
    for v in row:
        print(v)
print(matrix[1][0], [r[0] for r in matrix])
# ---
def fact(n):
    if n <= 1:
        return 1
    return n * fact(n - 1)
print(fact(10))
# ---
print("a" + "b" * 3, [1, 2] + [3], [0] * 3)
print(2 ** 10, 3 ** 2, 7 // 2, 7 % 3, 2 * 3.5, 10 / 4.0)
# ---
print(any([x > 2 for x in [1, 2, 3]]), all(x > 0 for x in [1, 2]))
print(sum(x for x in range(5)), sum([1.5, 2.5]))
# ---
print(list(map(lambda x: x + 1, [1, 2])), list(filter(lambda x: x > 1, [1, 2, 3])))
# ---
text = """first
second
third"""
for line in text.split("\n"):
    print(line.title())
print(text.splitlines()[1])
# ---
counts = {}
for w in "the cat the dog".split():
    counts[w] = counts.get(w, 0) + 1
for w in sorted(counts, key=lambda k: (-counts[k], k)):
    print(w, counts[w])
# ---
groups = {}
for n in [1, 2, 3, 4]:
    key = "even" if n % 2 == 0 else "odd"
    if key not in groups:
        groups[key] = []
    groups[key].append(n)
print(groups["even"], groups["odd"])
# ---
try:
    n = int("x1")
except ValueError:
    n = -1
print(n)
# ---
try:
    f = open("/no/such/file")
    print("opened")
except IOError as e:
    print("failed")
# ---
d = {"a": 1}
try:
    v = d["b"]
except KeyError:
    v = 0
print(v)
# ---
x = None
if x is None:
    x = 3
print(x)
# ---
def find(items, wanted):
    for i in items:
        if i == wanted:
            return i
    return None
print(find(["a", "b"], "b"))
if find(["a"], "z") is None:
    print("none")
# ---
print("abc"[1], "abc"[::-1], [1, 2, 3][::-1], [1, 2, 3, 4][::2])
print("a" in "abc", 3 in [1, 2], "x" not in "abc")
print("x".zfill(3), "ab".ljust(4) + "|", "ab".rjust(4) + "|", "ab".center(6) + "|")
print("abc".isdigit(), "12".isdigit(), "AB".isupper(), "ab".isalpha())
print("a-b-c".partition("-"), "Title case".title(), "abc def".capitalize())
# ---
print(not True, not [], bool("x"), bool(0), 1 == 1.0)
print(1, 2, sep="-", end="!\n")
print("no newline", end=" ")
print("done")
# ---
i = 10
i += 5
i -= 3
i *= 2
i //= 5
print(i)
s = "a"
s += "b"
print(s)
l = [1]
l += [2, 3]
print(l)
# ---
kb = 1024
size = 123456789
print("%.1f MB" % (size / float(kb * kb)))
print(size // kb // kb, size % kb)
# ---
import time
t = time.time()
time.sleep(0.01)
print(time.time() - t > 0)
# ---
rules = [("tcp", 22, 22, "0.0.0.0/0"), ("tcp", 80, 80, "0.0.0.0/0")]
for proto, from_port, to_port, cidr in rules:
    print("%s %d-%d %s" % (proto, from_port, to_port, cidr))
# ---
def total(items):
    t = 0
    for name, price in items.items():
        t += price
    return t
print(total({"a": 1, "b": 2}))
# ---
MAX_SIZE = 3
def take(items):
    return items[:MAX_SIZE]
print(take([1, 2, 3, 4, 5]))
# ---
def main():
    for name in ["x", "y"]:
        print("Hello %s" % name)
if __name__ == "__main__":
    main()
# ---
result = []
for i in range(3):
    for j in range(3):
        if i == j:
            continue
        result.append((i, j))
print(len(result), result[0])
# ---
x = 3
x = "three"
print(x)
# ---
print("tab\there", 'single \'quoted\'', r"raw\n", "uni\u00e9")
# ---
a = [1, 2, 3]
b = a[:]
b.append(4)
print(a, b)
# ---
s = "key=value"
k, v = s.split("=")
print(k, v)
first, second = [10, 20]
print(first + second)
# ---
print(max(3, 7), min(2.5, 1.5), max("a", "b"))
print(hex(255), ord("a"), chr(98), divmod(7, 2))
# ---
n = 0
for i in range(5):
    if i > 2:
        last = i
        n += 1
print(n, last)
# ---
pts = {"a": (1, 2), "b": (3, 4)}
for k in sorted(pts):
    x, y = pts[k]
    print(k, x + y)
# ---
print([x.strip() for x in " a , b ".split(",")], [s for s in ["a", "", "b"] if s])
# ---
assert 1 + 1 == 2
assert len("a") == 1, "length"
print("ok")
# ---
f = lambda x: x * 2
print(f(4))
square = lambda n: n ** 2
print([square(i) for i in range(4)])
