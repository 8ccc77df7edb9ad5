"""What people are called for short, and the words for jobs and roles that mean the same. Kept by hand.

Each line of `NAMES` is a short form and the names it may stand for; what merely begins a name («Kris» for Kristian) is
found without, but also stands for those spelt otherwise.
"""

from __future__ import annotations

from directory.spelling import search_key

_NAMES = """
abbe: abbas abdullah abdulrahman
abdi: abdirahman abdullahi
aga: agnieszka
alex: aleksander alexander aleksandra alexandra aleksandr
ania: anna
anki: ann-kristin
anne: anna ann
asia: joanna
basia: barbara
bea: beate beatrice beatriz
beth: elisabeth elizabeth
bett: elisabeth
betty: elisabeth berit
birgit: birgitte birgitta
bob: robert
cami: camilla kamilla
cat: cathrine katrine
chris: kristian kristin kristoffer kristina
christer: krister
dan: daniel
ela: elzbieta
eli: elin elisabeth elise elias
ella: elena elisabeth gabriella
ellen: elen helene
fred: fredrik alfred
fredde: fredrik
fredrik: frederik fredric
gabi: gabriela gabriella
gitte: birgitte birgit
gosia: malgorzata
greta: margrethe margareta
grete: margrete margrethe anne-grete
hans: johannes johan
harry: harald henrik
hasse: hans
henke: henrik
ine: karine josefine
ingjerd: ingerd
jakke: jakob joakim
jan: johan johannes
jens: johannes
jo: johannes joakim josef
joe: josef youssef yusuf
jokke: joakim
jon: john johan johannes jonas jonathan
jonny: john
josh: joshua
juffe: yusuf
kaja: katarina karoline
kalle: karl
kari: karin katarina
karl: carl
kasia: katarzyna
kate: katrine katarina cathrine
kim: joakim kimberly
kine: kristine
kjersti: kirsti kristin
kris: christian christina christine kristian kristin kristoffer krzysztof
kristian: christian krystian
krzysiek: krzysztof
kuba: jakub
lars: laurits lasse
lasse: lars
lena: helena elena magdalena
lene: helene magdalene
leo: leonard leonardo
lina: karolina
linda: belinda
line: karoline caroline pauline eline
lisa: elisabeth elise
lisbet: elisabeth
lise: elise elisabeth ann-lise anne-lise
liv: live olivia
lotta: charlotta charlotte
lotte: charlotte liselotte
lukas: lukasz
mads: mathias mats
magda: magdalena
maja: maria
malin: magdalena
marit: margrete margrethe
mary: mari maria marie
mats: mathias mads
matti: mathias
max: maksim maximilian
mehdi: mahdi
mette: margrete margrethe
mia: maria
michal: michael mikael
mikael: michael mikkel
mike: michael mikael mikkel
mikke: mikkel mikael
mille: camilla emilie
mo: mohammed mohamed muhammad mohamud mohammad mahmoud
moh: mohammed mohamed muhammad mohamud mohammad
mona: monica monika
momo: mohammed mohamed
nico: nicolai nikolai nicolas
nikki: nikoline nicole
nils: nicolai nikolai niels
nina: kristina
nisse: nils
nora: eleonora noor
olaf: olav ola ole
ola: olav olaf ole aleksandra
ole: ola olav olaf
olle: ole olav
olga: helga
pal: paul paal
palle: paul pal
pelle: per peter petter
per: peder peter petter
pete: peter petter
petter: peter peder
phil: filip
pia: sofia
piotrek: piotr
rasmus: erasmus
reza: alireza
rick: rikard
rikke: fredrikke henrikke henriette
rob: robert
robban: robert
ronny: ronald
rolf: rudolf
sam: samuel samira samina
sander: aleksander alexander
sandra: aleksandra alexandra
sara: sarah zara
sasha: aleksander aleksandra aleksandr
sebbe: sebastian
silje: cecilie
siss: sissel cecilie
sissel: cecilie
siw: siv
sofie: sophie fie
stefan: steffen stephan
steff: stefan steffen
stein: steinar
steve: steffen stefan
stine: kristine christine
stoffer: kristoffer
svenn: svein
tanja: tatjana
tea: dorothea
thea: dorothea
theo: theodor
tina: kristina christina martina
tine: kristine christine martine
tobbe: torbjorn tobias
tom: thomas tommy tomasz
tomek: tomasz
tone: torunn
tony: anton antonio
tor: thor
tore: thore
torild: torill
trine: katrine cathrine kathrine
trude: gertrud
ulla: ursula
ulf: ulrik
vibs: vibeke
vicky: viktoria victoria
vivi: vivian
wenke: wenche
wojtek: wojciech
yngvar: ingvar
zosia: zofia
zuza: zuzanna
"""

_JOBS = """
adm: administrasjon
amb: ambulerende
bvp: barnevernspedagog
barnehagelarar: barnehagelarer
bup: barne
cleaner: renholder
cook: kokk
dir: direktor
doctor: lege
driver: sjafor
ergo: ergoterapeut
fysio: fysioterapeut
helsefagarbeidar: helsefagarbeider
hfa: helsefagarbeider
hta: hovedtillitsvalgt tillitsvalgt
it: ikt
janitor: vaktmester
larar: larer
librarian: bibliotekar
midwife: jordmor
miljoarbeidar: miljoarbeider
miljoterapeut: miljoterapeut
nurse: sykepleier
pleiar: pleier
radgjevar: radgiver
reinhald: renhold
reinhaldar: renholder
saksbehandlar: saksbehandler
sekreter: sekretar
sjukeheim: sykehjem
sjukepleiar: sykepleier
spl: sykepleier
teacher: larer
vaktmeister: vaktmester
vernepleiar: vernepleier
vgs: videregaende
"""

LEADER, ACTING_LEADER = "leader", "acting_leader"
# A word that means a role; what else was typed says where.
ROLES = {
    "leder": LEADER, "lederen": LEADER, "leiar": LEADER, "leiaren": LEADER, "sjef": LEADER, "sjefen": LEADER,
    "leader": LEADER, "manager": LEADER, "boss": LEADER,
    "fungerende": ACTING_LEADER, "fungerande": ACTING_LEADER, "konstituert": ACTING_LEADER, "acting": ACTING_LEADER,
    "superbruker": "superuser", "superbrukar": "superuser", "superbrukere": "superuser", "superuser": "superuser",
    "verneombud": "safety_representative", "verneombod": "safety_representative",
    "tillitsvalgt": "shop_steward", "tillitsvald": "shop_steward", "tillitsvalgte": "shop_steward",
    "personvernombud": "data_protection_officer", "personvernombod": "data_protection_officer",
}  # fmt: skip


def _read(lines: str) -> dict[str, list[str]]:
    table = {}
    for line in lines.split("\n"):
        if line:
            short, _, full = line.partition(": ")
            table[search_key(short)] = [search_key(name) for name in full.split() if search_key(name) != short]
    return {short: full for short, full in table.items() if full}


NAMES = _read(_NAMES)
JOBS = _read(_JOBS)
