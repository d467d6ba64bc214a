"""The words of a company's name by which it is compared with others.

A name is brought to a set of words: Unicode NFKC, one case, no diacritics, other scripts transliterated, legal forms
and articles taken out, and the usual words of companies' names brought to one spelling each, whether they come in
English, Russian, Turkish or Chinese (``Technologies``, ``Tekhnologii``, ``技术``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from assets.news import gazetteer

LONGEST_NAME: Final = 600
"""Characters; what is longer is no name."""

_MOST_WORDS: Final = 60
_REMEMBERED: Final = 8000  # names


def words_of(name: str) -> list[str]:
    """Return the words of a name by which it is compared, in order and without legal forms; see the module's head."""
    return brought_together(raw_words(name))


@lru_cache(maxsize=_REMEMBERED)
def raw_words(name: str) -> tuple[str, ...]:
    """Return a name's words in Latin letters and digits, legal forms and all."""
    plain = _one_script(unicodedata.normalize("NFKC", name[:LONGEST_NAME]).casefold())
    plain = _HAN.sub(lambda run: _chinese(run[0]), plain)
    letters = unicodedata.normalize("NFKD", plain)
    ascii_only = anyascii("".join(letter for letter in letters if not unicodedata.combining(letter))).lower()
    return tuple(_initials_joined(_WORD.findall(_APOSTROPHES.sub("", ascii_only)))[:_MOST_WORDS])


def brought_together(raw: Sequence[str]) -> list[str]:
    """Return what of a name's words counts, each in the one spelling."""
    return [word for whole in _usual_joined(_without_phrases(raw)) for word in brought_to_one(whole)]


def _usual_joined(words: list[str]) -> Iterator[str]:
    """Join neighbours that are one usual word (``Bei Jing``, ``Micro-Electronics``)."""
    position = 0
    while position < len(words):
        pair = "".join(words[position : position + 2])
        is_one = len(words) > position + 1 and (pair in USUAL_WORDS or pair in _SPELLINGS)
        yield pair if is_one else words[position]
        position += 1 + is_one


def forms_of(name: str) -> list[str]:
    """Return a name as it stands, without its brackets, and what brackets at its end hold where that is an acronym.

    Elsewhere they hold that of a parent: ``China State Shipbuilding Corporation (CSSC) 712th Research Institute``.
    """
    forms = [name]
    if found := [bracket for bracket in _BRACKETS.finditer(name) if _ACRONYM.fullmatch(bracket[1].strip())]:
        forms.append(_BRACKETS.sub(" ", name))
        last = found[-1]
        if not words_of(name[last.end() :]) and last[1].strip().lower() not in _NO_ACRONYMS:
            forms.append(last[1])
    return forms


def neighbours_joined(words: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield neighbouring words written as one, with the words; of two usual words nobody makes one."""
    for length in (2, 3, 4):
        for start in range(len(words) - length + 1):
            parts = tuple(words[start : start + length])
            if not all(part in USUAL_WORDS for part in parts) and not any(part[0].isdigit() for part in parts):
                yield "".join(parts), parts


def _one_script(plain: str) -> str:
    """Write Cyrillic letters that pass for Latin ones (``Со., Ltd.``) as Latin, in words or names that mix both."""
    cyrillic = {letter for letter in plain if "\u0400" <= letter <= "\u04ff"}
    if not cyrillic or not _LATIN.search(plain):
        return plain
    if cyrillic <= _LOOK_ALIKES.keys():
        return plain.translate(_LOOK_ALIKE_TABLE)
    return _ANY_WORD.sub(
        lambda word: word[0].translate(_LOOK_ALIKE_TABLE) if _LATIN.search(word[0]) else word[0], plain
    )


def with_latin_names(name: str) -> str:
    """Write the Chinese names of companies that pinyin does not lead to as they are known in Latin letters.

    So, too, where pinyin is what was asked (``Han Wu Ji`` for Cambricon); a group of such a name is its companies.
    """
    if not _HAN.search(name):
        return _without_pinyin(name)
    plain = unicodedata.normalize("NFKC", name)
    known = gazetteer.load()
    pieces, end = [], 0
    for hit in known.find(plain, gazetteer.Context(plain)):
        if hit.kind == "company" and _HAN.search(plain[hit.start : hit.end]):
            pieces += [plain[end : hit.start], " ", known.entities[hit.entity_id][1], " "]
            end = hit.end
    plain = "".join([*pieces, plain[end:]]) if pieces else plain
    simplified = plain.translate(_SIMPLIFIED)
    latin = _CHINESE_BRAND.sub(lambda found: f" {_CHINESE_BRANDS[found[0]]} ", simplified)
    return latin if latin != simplified or pieces else name


def _without_pinyin(name: str) -> str:
    words = raw_words(name)
    counting = tuple(word for word in brought_together(words) if word != "group")
    if counting in _BRANDS:
        return " ".join(counting)
    for start in range(len(words)):
        joined = ""
        for end, word in enumerate(words[start:], start + 1):
            joined += word
            if joined in _PINYIN_BRANDS:
                return " ".join((*words[:start], _PINYIN_BRANDS[joined], *words[end:]))
            if len(joined) >= _LONGEST_PINYIN:
                break
    return name


def _chinese(run: str) -> str:
    """Write a run of Chinese characters in English words where they are usual in names, and in pinyin elsewhere."""
    simplified = _CHINESE_NUMBER.sub(lambda found: f" {_chinese_number(found[1])} ", run.translate(_SIMPLIFIED))
    worded = _CHINESE_WORD.sub(lambda found: f" {_CHINESE_WORDS[found[0]]} ", simplified)
    return f" {_HAN.sub(lambda rest: anyascii(rest[0]).lower(), worded)} "


def _chinese_number(digits: str) -> str:
    """Return a number below a hundred, or a row of digits, in Arabic ones (``五十四``: 54, ``五〇四``: 504)."""
    tens, ten, ones = digits.partition("十")
    if ten and len(tens) <= 1 and len(ones) <= 1:
        return f"{_DIGITS.get(tens, 1)}{_DIGITS.get(ones, 0)}"
    return "".join(str(_DIGITS.get(digit, digit)) for digit in digits)


def _initials_joined(words: list[str]) -> list[str]:
    """Join single letters that follow each other: ``L. L. C.`` and ``L.L.C.`` are one word."""
    joined: list[str] = []
    before_single = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and before_single:
            joined[-1] += word
        else:
            joined.append(word)
        before_single = single
    return joined


def _without_phrases(raw: Sequence[str]) -> list[str]:
    """Take out legal forms of several words, in whatever order those come."""
    left = list(raw)
    for phrase in _PHRASES if _PHRASE_SIGN.search(" ".join(raw)) else ():
        places: list[int] = []
        for part in phrase:
            if (at := _place(part, left)) is None:
                break
            places.append(at)
        else:
            left = [word for at, word in enumerate(left) if at not in places]
    return left


def _place(part: str, words: Sequence[str]) -> int | None:
    """Return where a part of a phrase stands first; one that ends in a star is a word's beginning."""
    if not part.endswith("*"):
        return words.index(part) if part in words else None
    return next((at for at, word in enumerate(words) if word.startswith(part[:-1])), None)


def brought_to_one(word: str) -> Sequence[str]:
    """Return the one spelling of a word, which may be of several words; nothing for one without weight."""
    if word in _WITHOUT_WEIGHT:
        return ()
    if (ordinal := _ORDINAL.fullmatch(word)) is not None:
        return (ordinal[1],)
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    return (word,)


# --- Tables. Reviewed against the words that five or more entries of the Entity List of 2026-03-25 have. -----------

_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ebef]+")
_LATIN: Final = re.compile(r"[a-z]", re.IGNORECASE)
_ANY_WORD: Final = re.compile(r"\w+")
_WORD: Final = re.compile(r"[a-z0-9]+")
_APOSTROPHES: Final = re.compile(r"['`\"]")
_ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th)")
_BRACKETS: Final = re.compile(r"[(（\[]([^()（）\[\]]{1,80})[)）\]]")
_ACRONYM: Final = re.compile(r"[A-Z][A-Z0-9&.-]{2,}(?: [A-Z0-9][A-Z0-9&.-]*)*")
# In brackets these are places or legal forms.
_NO_ACRONYMS: Final = frozenset(
    ("pvt", "uae", "u.a.e.", "usa", "prc", "china", "shanghai", "beijing", "shenzhen", "group", "llc", "jsc", "ltd")
)

_LOOK_ALIKES: Final = dict(zip("авекмнорстухіѕј", "abekmhopctyxisj", strict=True))
_LOOK_ALIKE_TABLE: Final = str.maketrans(_LOOK_ALIKES)

# Legal forms, articles and conjunctions, after transliteration.
_WITHOUT_WEIGHT_AS_WRITTEN: Final = """
    co company companies corp corporation inc incorporated ltd limited ltda llc llp lp plc psc pte pvt private pty sa
    sarl sal sro srl spa gmbh mbh kg ag as oy oyj ab aps bv nv kk jsc ojsc cjsc pjsc zjsc ao oao zao pao ooo odo ip
    too fze fzc fzco fz dmcc wll est establishment sdn bhd sti sirketi anonim tic jlt lda eood ood doo dooel uab sia
    ou ks kft zrt nyrt rt cv cia ltee kompaniya pt tbk sae bsc saoc qsc fsue fgup gup faoo the of and for de di du des
    la le el et und ve y da do dos named after imeni im by name to in at no an aka fka dba gongsi youxian gufen
    korporatsiya korporaciya on liability obshchestvo obshestvo obschestvo aktsionernoe aktcionernoe ogranichennoi
    ogranichennoy otvetstvennostyu publichnoe otkrytoe zakrytoe se asa kgaa scs
"""
_WITHOUT_WEIGHT: Final = frozenset(_WITHOUT_WEIGHT_AS_WRITTEN.split())

_PHRASES_AS_WRITTEN: Final = """
    public joint stock
    open joint stock
    closed joint stock
    joint stock
    federal state unitary enterprise
    state unitary enterprise
    federaln* gosudarstvenn* unitarn* predpriyati*
    s ogranichenn* otvetstvenn*
    sp zoo
    spolka ograniczon* odpowiedzialnoscia
    sanayi ticaret
    dis ticaret
    free zone establishment
    gup rk
"""

# One spelling for each usual word, and the others of it, English, Russian (as transliterated) and Turkish.
_USUAL_AS_WRITTEN: Final = """
    technology: tech techno technic technological keji jishu tekhnologii tekhnologiy tekhnologiya tehnologii teknoloji
    science: scientific nauchno nauchny nauchnyy nauchnoe nauchnaya nauka nauk sci
    research: issledovatelski issledovatelskiy issledovatelskii issledovatelskaya issledovatelskoe
    electronic: dianzi elektronik elektronika elektronnye
    microelectronic: mikroelektronika mikroelektroniki
    semiconductor: semi
    institute: institut instituta inst
    university: univ universitet universite universitesi daxue
    academy: akademiya academic
    laboratory: lab laboratoriya
    center: centre tsentr centr
    group: gruppa grup jituan
    holding: kholding
    industry: industrial promyshlennost promyshlenny promyshlennaya endustri gongye sanayi
    international: intl mezhdunarodny
    national: natsionalny
    state: gosudarstvenny gosudarstvennyy gosudarstvennoe gosudarstvennaya
    federal: federalnoe federalny
    trading: trade trader ticaret torgovy torgovaya treyding treiding treding trejding torgovlya
    import: ithalat
    export: ihracat
    plant: zavod zavoda factory works fabrika
    production: producing proizvodstvennoe proizvodstvennaya proizvodstvenny proizvodstvennyy proizvodstvo
    manufacturing: manufacture manufacturer mfg
    enterprise: predpriyatie predpriyatiye
    association: obedinenie obyedinenie
    design: konstruktorskoe konstruktorskoye
    bureau: byuro
    engineering: engineer inzhiniring inzhenerny inzhenernyy muhendislik
    machinery: machine
    mechanical: mechanic mekhanicheski mekhanicheskiy
    building: stroitelny
    muhammad: mohammad mohammed mohamad mohamed muhammed mohd
    weapon: arms
    institution: uchrezhdenie
    construction: stroitelstvo insaat
    service: servis
    system: sistemy sistema sistem
    solution: resheniya
    information: info informatsionny informatsionnye informatsionnykh
    communication: comm svyaz
    telecommunication: telecom telekom
    computer: computing
    network: net
    security: bezopasnost
    automation: automatic
    instrument: instrumentation pribor priborov
    equipment: oborudovanie
    component: part komponent
    chemical: chemistry khimicheski
    optical: optic optik optiko
    laser: lazer
    photonic: photon
    aviation: aeronautic aeronautical avia aviatsionny aviatsii havacilik
    aerospace: astronautic space aero kosmicheski
    airline: airway air
    shipbuilding: shipyard shipbuilder ship sudostroitelny
    marine: maritime ocean sea
    shipping: ship
    logistics: logistic lodzhistiks logistik lojistik logistika
    transport: transportation
    automobile: automotive auto avto
    motor: engine
    power: energo
    energy: energiya enerji energetik
    electric: electrical electricity elektrik electro elektro
    nuclear: atomic
    oil: petroleum neft
    gas: gaz
    mining: mine
    metal: metallurgy metallurgical
    medical: medicine med
    pharmaceutical: pharma pharm
    biological: biology bio biotech biotechnology
    agriculture: agricultural agro
    environment: environmental
    physics: physical fiziki
    mathematics: mathematical
    robot: robotic
    drone: uav unmanned
    defense: defence oborona
    military: voenny voennyy voenno
    naval: navy
    ministry: ministerstvo
    department: dept
    branch: filial
    foundation: fund fond
    bank: banking
    investment: invest
    finance: financial
    management: managing
    consulting: danismanlik consultancy consultant
    supply: supplier
    distribution: distributor distributing
    smart: intelligent intelligence
    special: specialized spetsialny
    central: tsentralny tsentralnyy tsentralnoe
    experimental: opytny eksperimentalny
    technical: tekhnicheski tekhnicheskiy tekhnicheskikh
    innovation: innovative innovatsii innovatsionny
    micro: mikro
    repair: maintenance
    complex: kompleks
    concern: kontsern
    golden: gold
    east: eastern
    west: western
    north: northern
    south: southern
    northwest: northwestern
    northeast: northeastern
    southwest: southwestern
    city: municipal municipality
    province: provincial
    region: regional
    business: commercial commerce
    market: marketing pazarlama
    light: lighting
    image: imaging
    education: educational training
    brother: bros
    property: estate
    test: testing
    russian: russia rossiyskaya rossii
    chinese: china zhongguo prc sino
    beijing: peking
    macau: macao
    asia: asian
    europe: european
    africa: african
    america: american
    india: indian
    iran: iranian
    turkey: turkish turkiye
    emirates: uae
    japan: japanese
    korea: korean
    germany: german deutschland
    france: french
    britain: british uk
    moscow: moskva
    belarus: belarusian
    ukraine: ukrainian
    petersburg: spb
    tibet: xizang
"""

# Usual words that come in one spelling, besides a plural; places last.
_USUAL_ALONE: Final = """
    hong kong advanced administration agency aircraft all ai applied army base best big black blue board book capital
    care cargo ceramic chip circuit classic clean cloud club coal college committee concept consumer control copper
    cosmetic craft creative data delivery development device diamond digital direct display division dragon drive
    dynamic eagle elite emerald equity expert express fashion fiber film first fishery flower focus food forest
    freight fresh furniture future game garden garment general glass global grand great green growth guide gulf
    hardware health heavy help high home horizon hospital hotel house human ic ideal independent inspection insurance
    integrated interior internet iron it jewelry joint key king leader leasing leather legal life line link liquid
    live living local magic main marble mark master material max mega media metro middle mobile model modern money
    mountain music nano natural nature new next nine novel object office online open orient oriental paper park
    partner pearl people petrochemical phone picture pioneer pipe plastic plus point police polymer port precision
    premier premium prime print printing pro procurement product professional project public pump pure quality quantum
    radar radio rail railway real red resource retail rice river road royal rubber safety sale satellite school season
    sensor seven shop silicon silk silver simple sky social society software solar son source sport spring standard
    star steel stone storage store strategic street studio style success sun super team tea textile three top total
    tour tourism tower town toy transgaz travel tree trust two union unit united unity universal valley value venture
    video view vision vehicle wall water wealth web white wind wine wire wireless wood world young zone al bin abu mr
    mrs dr shanghai shenzhen guangzhou guangdong guangxi tianjin chongqing nanjing hangzhou suzhou wuhan chengdu xian
    hefei xiamen qingdao dalian harbin changsha changchun shenyang jinan ningbo wuxi dongguan zhuhai foshan zhengzhou
    kunming nanchang fuzhou wenzhou taiyuan urumqi guiyang lanzhou luoyang xinjiang zhejiang jiangsu anhui hunan hubei
    hebei henan shandong shanxi shaanxi sichuan fujian jiangxi guizhou yunnan jilin liaoning heilongjiang hainan
    taiwan taipei kowloon pacific atlantic usa pakistan dubai sharjah singapore malaysia italy spain poland canada
    israel egypt lebanon finland novosibirsk ural siberia siberian kazan minsk tehran karachi lahore islamabad
    rawalpindi istanbul ankara moskovski southeast vietnam thailand indonesia saudi arabia kuwait qatar oman bahrain
    syria iraq london paris berlin tactical flight navigation foreign autonomous support organization republic delta
    alliance wave merchant frontier gate core chain jet helicopter refinery carbon economic application era arsenal
    apex measurement measuring turbine seaport directorate electromechanical budgetary address head summit peak
    victory prosperity crown lion tiger phoenix falcon horse wolf bear apple orange lotus bamboo olympic heritage
    trinity atlas titan orion polaris nova alpha beta omega sigma gamma vega mercury jupiter saturn venus apollo
    zenith vertex matrix fusion synergy genesis infinity legacy milestone momentum impact bridge harbor harbour island
    lake coast canyon lighthouse reliable trusted excellent perfect happy lucky fortune rich wise noble grace joy hope
    peace harmony freedom spirit soul beauty family farm dairy meat fruit vegetable grain coffee bakery restaurant
    kitchen dental pet baby kid women men lady ali ahmad alexander alex sergey sergei andrey dmitry reza chen wong wei
    khan luo david wang li zhang liu yang huang wu zhou xu ma zhu hu lin guo he gao zheng liang xie song tang deng han
    feng lee kim john james michael robert william thomas peter paul daniel george hassan hussein hossein mohamad amir
    ivan vladimir mikhail nikolai igor oleg maria anna olga stock closed limit johnson smith brown jones miller davis
    wilson taylor anderson jackson dis
"""

# Abbreviations of several usual words.
_ABBREVIATIONS: Final = """
    nii: science research institute
    tsnii: central science research institute
    npo: science production association
    npp: science production enterprise
    okb: experimental design bureau
    skb: special design bureau
    kb: design bureau
    optoelectronic: optical electronic
    optoelectronics: optical electronic
    hitech: high technology
    hongkong: hong kong
    hk: hong kong
    biochemical: biological chemical
"""

# Chinese characters: those traditional ones that the tables below need in simplified form.
_SIMPLIFIED: Final = str.maketrans(
    "術電國學團業實貿體導製機設備網軟數據雲統廠責灣門漢慶廣蘇陝長寧聯東為華訊飛視達曠湯儲創紀興濟晝雙銀龍"
    "連沖爾濱無錫蕪蘭陽濰廈臺島貴滬齊魯遼爐車應戰術艦軍艙聲壓輪師範醫藥農礦鋼鐵衛發動輸運資產財務會輕重電"
    "線質檢測試驗證鏈結構環農場進報導經濟處理務開關際遠鄉園區幣價訂單複圖書館鈦鋰積極紡織絲綢糧項",
    "术电国学团业实贸体导制机设备网软数据云统厂责湾门汉庆广苏陕长宁联东为华讯飞视达旷汤储创纪兴济昼双银龙"
    "连冲尔滨无锡芜兰阳潍厦台岛贵沪齐鲁辽炉车应战术舰军舱声压轮师范医药农矿钢铁卫发动输运资产财务会轻重电"
    "线质检测试验证链结构环农场进报导经济处理务开关际远乡园区币价订单复图书馆钛锂积极纺织丝绸粮项",
)
_CHINESE_NUMBER: Final = re.compile(r"第([一二三四五六七八九十百零〇0-9]{1,6})")
_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0}

_CHINESE_AS_WRITTEN: Final = """
    有限责任公司 股份有限公司 集团有限公司=group 集团公司=group 集团=group 总公司 分公司=branch 有限公司 公司 股份
    责任 有限 科学技术=science+technology 技术=technology 科技=technology 高科技=high+technology
    高新技术=high+technology 大学=university 理工大学=science+technology+university 学院=institute
    研究所=research+institute 研究院=research+institute 研究中心=research+center 设计院=design+institute 研究=research
    科学院=academy+science 实验室=laboratory 中心=center 科学=science 工程=engineering 设计=design 开发=development
    发展=development 电子=electronic 微电子=microelectronic 半导体=semiconductor 集成电路=integrated+circuit
    集成=integrated 电路=circuit 芯片=chip 光电=optical+electronic 光学=optical 激光=laser 光子=photonic 传感器=sensor
    精密=precision 仪器=instrument 信息=information 通信=communication 通讯=communication 电信=telecommunication
    网络=network 软件=software 数据=data 数字=digital 云计算=cloud+computer 计算机=computer 计算=computer 智能=smart
    人工智能=ai 机器人=robot 系统=system 自动化=automation 控制=control 安全=security 网络安全=network+security
    物联网=internet 互联网=internet 设备=equipment 装备=equipment 机械=machinery 制造=manufacturing 工业=industry
    实业=industry 产业=industry 材料=material 新材料=new+material 能源=energy 新能源=new+energy 电力=power
    电气=electric 电器=electric 石油=oil 化工=chemical 化学=chemical 生物=biological 医疗=medical 医药=pharmaceutical
    基因=gene 核=nuclear 物理=physics 力学=mechanical 数学=mathematics 量子=quantum 卫星=satellite 雷达=radar
    无线电=radio 导弹=missile 兵器=weapon 航空=aviation 航天=aerospace 宇航=aerospace 船舶=shipbuilding
    造船=shipbuilding 海洋=marine 海事=marine 汽车=automobile 铁路=railway 运载火箭=launch+vehicle 飞机=aircraft
    无人机=drone 发动机=motor 动力=power 物流=logistics 运输=transport 供应链=supply+chain 贸易=trading
    进出口=import+export 国际=international 国家=national 全国=national 投资=investment 控股=holding 资本=capital
    金融=finance 银行=bank 保险=insurance 基金=foundation 管理=management 咨询=consulting 服务=service 工厂=plant
    厂=plant 总局=administration 公安局=public+security+bureau 公安厅=public+security+department 局=bureau 部队=unit
    军事=military 国防=national+defense 防务=defense 中国=chinese 北京=beijing 上海=shanghai 深圳=shenzhen
    广州=guangzhou 广东=guangdong 广西=guangxi 天津=tianjin 重庆=chongqing 南京=nanjing 杭州=hangzhou 苏州=suzhou
    武汉=wuhan 成都=chengdu 西安=xian 合肥=hefei 厦门=xiamen 青岛=qingdao 大连=dalian 哈尔滨=harbin 长沙=changsha
    长春=changchun 沈阳=shenyang 济南=jinan 宁波=ningbo 无锡=wuxi 东莞=dongguan 珠海=zhuhai 佛山=foshan 郑州=zhengzhou
    昆明=kunming 南昌=nanchang 福州=fuzhou 太原=taiyuan 乌鲁木齐=urumqi 新疆=xinjiang 西藏=tibet 浙江=zhejiang
    江苏=jiangsu 安徽=anhui 湖南=hunan 湖北=hubei 河北=hebei 河南=henan 山东=shandong 山西=shanxi 陕西=shaanxi
    四川=sichuan 福建=fujian 江西=jiangxi 贵州=guizhou 云南=yunnan 吉林=jilin 辽宁=liaoning 黑龙江=heilongjiang
    海南=hainan 香港=hong+kong 澳门=macau 台湾=taiwan 台北=taipei 东方=oriental 北方=north 南方=south 西北=northwest
    西南=southwest 东北=northeast 华东=east+chinese 省 市
"""


# Listed companies and institutions whose Chinese names neither pinyin nor the words above lead to; the gazetteer of the
# news has others. On the right: the name by which the Entity List has them.
_CHINESE_BRANDS_AS_WRITTEN: Final = """
    海康威视=Hikvision; 大华技术=Dahua Technology; 商汤=SenseTime; 旷视=Megvii; 科大讯飞=iFLYTEK; 依图=Yitu; 大疆=DJI;
    曙光=Sugon; 浪潮=Inspur; 华大基因=BGI; 海能达=Hytera; 美亚柏科=Meiya Pico; 云从=CloudWalk; 奇虎360=Qihoo 360;
    中科院=Chinese Academy of Sciences; 中国电子科技集团=China Electronics Technology Group Corporation;
    中国电科=China Electronics Technology Group Corporation; 中电科=CETC; 航天科工=CASIC; 北航=Beihang University;
    北京航空航天大学=Beihang University; 西北工业大学=Northwestern Polytechnical University;
    哈尔滨工业大学=Harbin Institute of Technology; 哈尔滨工程大学=Harbin Engineering University;
    国防科技大学=National University of Defense Technology;
    国防科学技术大学=National University of Defense Technology; 西安电子科技大学=Xidian University;
    电子科技大学=University of Electronic Science and Technology of China;
    北京理工大学=Beijing Institute of Technology; 南京理工大学=Nanjing University of Science and Technology;
    南京航空航天大学=Nanjing University of Aeronautics and Astronautics;
    北京邮电大学=Beijing University of Posts and Telecommunications; 飞腾=Phytium; 申威=Sunway;
    景嘉微=Jingjia Microelectronics; 拓荆=Piotech; 盛美=ACM Research; 华大九天=Empyrean; 鹏芯微=Pengxinwei;
    中芯国际=SMIC; 昇维旭=SwaySure; 寒武纪=Cambricon; 长光=Changguang; 中兴通讯=ZTE
"""


def _plurals(word: str) -> tuple[str, ...]:
    return (f"{word}s", f"{word[:-1]}ies") if word.endswith("y") else (f"{word}s",)


def _entries_of(written: str) -> Iterator[tuple[str, list[str]]]:
    for line in filter(None, map(str.strip, written.splitlines())):
        word, _, others = line.partition(":")
        yield word, others.split()


USUAL_WORDS: Final = frozenset(_USUAL_ALONE.split()) | {word for word, _ in _entries_of(_USUAL_AS_WRITTEN)}
_SPELLINGS: Final[dict[str, tuple[str, ...]]] = (
    {plural: (word,) for word in sorted(USUAL_WORDS) for plural in _plurals(word) if plural not in USUAL_WORDS}
    | {
        form: (word,)
        for word, others in _entries_of(_USUAL_AS_WRITTEN)
        for other in others
        for form in (other, *_plurals(other))
    }
    | {short: tuple(words) for short, words in _entries_of(_ABBREVIATIONS)}
)

# What a word may be a misspelling of though no entry has it: usual words of five letters and more, and legal forms.
CLOSED_WORDS: Final = frozenset(
    {form for form in (*USUAL_WORDS, *_SPELLINGS) if len(form) > 4}
    | {form for form in _WITHOUT_WEIGHT if len(form) > 2}
    | {word for line in _PHRASES_AS_WRITTEN.splitlines() for word in line.split() if len(word) > 4 and "*" not in word}
)

_CHINESE_WORDS: Final = {
    chinese: english.replace("+", " ")
    for chinese, _, english in (pair.partition("=") for pair in _CHINESE_AS_WRITTEN.split())
}
_CHINESE_BRANDS: Final = {
    chinese: latin
    for chinese, _, latin in (pair.strip().partition("=") for pair in _CHINESE_BRANDS_AS_WRITTEN.split(";"))
}

# Of two characters there are too many words that sound alike.
_PINYIN_BRANDS: Final = {
    anyascii(chinese).lower(): latin
    for chinese, latin in _CHINESE_BRANDS.items()
    if _HAN.fullmatch(chinese) and len(chinese) > 2
}
_LONGEST_PINYIN: Final = max(map(len, _PINYIN_BRANDS))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))))


_CHINESE_WORD: Final = _any_of(_CHINESE_WORDS)
_CHINESE_BRAND: Final = _any_of(_CHINESE_BRANDS)
# Each phrase's second word: most names have none of them.
_PHRASE_SIGN: Final = re.compile(
    "|".join(line.split()[1].rstrip("*") for line in _PHRASES_AS_WRITTEN.splitlines() if line)
)
_PHRASES: Final = [tuple(line.split()) for line in _PHRASES_AS_WRITTEN.splitlines() if line]
_BRANDS: Final = frozenset(tuple(words_of(latin)) for latin in _CHINESE_BRANDS.values())
