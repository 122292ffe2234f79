"""Ordinary given and family names, language by language; who gets which is up to the seed."""

from typing import Final, NamedTuple


class Language(NamedTuple):
    """How often its names are drawn, how given and family name are joined, and the names."""

    weight: int
    pattern: str
    given: tuple[str, ...]
    family: tuple[str, ...]


def _language(weight: int, pattern: str, given: str, family: str) -> Language:
    return Language(weight, pattern, tuple(given.split()), tuple(family.split()))


WESTERN: Final = "{given} {family}"
EASTERN: Final = "{family}{given}"

LANGUAGES: Final = (
    _language(
        14,
        WESTERN,
        "Amelia Oliver Grace Harry Chloe Jack Megan Thomas Ruby Samuel Ella Joseph Daisy Lewis Hannah "
        "Callum Freya Owen",
        "Baker Turner Whitfield Ashworth Marsh Holloway Pearce Barrow-Smith Fletcher Dunn Hargreaves "
        "Lamb Wycliffe Kemp Thornton",
    ),
    _language(
        7,
        WESTERN,
        "Aoife Ciarán Niamh Seán Róisín Oisín Sinéad Pádraig Caoimhe Donnacha Gráinne Fionn",
        "O'Connor O'Malley O'Sullivan de~Búrca D'Arcy Byrne MacCarthy O'Shea Mac~Giolla Fitzgerald",
    ),
    _language(
        8,
        WESTERN,
        "Chloé Jean-Luc Marie-Claire Théo Zoé Noël Éloïse François Anaïs Jérôme Inès Benoît",
        "Lefèvre D'Aubigné Moreau Saint-Clair Gauthier L'Écuyer Béranger Dupré Garçon Perrault",
    ),
    _language(
        9,
        WESTERN,
        "Lucía Álvaro María~José Iñigo Ángela Joaquín Belén Andrés Sofía Ramón Itziar Óscar",
        "Muñoz~Ibáñez García~Peña Núñez Etxeberria Domínguez~Ruiz Cañizares Yáñez Gómez~Ordóñez "
        "Ferrer Zúñiga~Vidal",
    ),
    _language(
        6,
        WESTERN,
        "João Inês Conceição Gonçalo Débora Thaís Luís Mônica Caetano Lívia",
        "Simões da~Conceição Guimarães Araújo d'Ávila Falcão dos~Anjos Magalhães Brandão Queirós",
    ),
    _language(
        8,
        WESTERN,
        "Jürgen Käthe Björn Anneliese Søren Åsa Jörg Hans-Peter Greta Þórdís Eiríkur Bjørg",
        "Müller-Lüdenscheid Weiß Große Ødegård Lindström Blöndal Sjöberg von~der~Heide Bäcker "
        "Sørensen Thorlacius Åkesson",
    ),
    _language(
        7,
        WESTERN,
        "Zofia Łukasz Bożena Stanisław Jiří Žofie Ondřej Čeněk Ágnes Gergő Șerban Ioana",
        "Wójcik Kowalczyk-Nowak Krejčí Petrů Szőke Țepeș Janků Szymczak Kovács Petrović Đorđević",
    ),
    _language(
        6,
        WESTERN,
        "İbrahim Gülşen Çağla Işıl Ömer Şebnem Tuğçe Yiğit Defne Barış",
        "Yıldırım Öztürk Çelik Şahin Güneş Kılıç Doğan Aydın Koç Özgür",
    ),
    _language(
        8,
        WESTERN,
        "Chidinma Oluwaseun Ngozi Adébáyọ̀ Thandiwe Sipho Wanjiru Kwame Abena Fatoumata Hakeem Zawadi",
        "Okonkwo Adéwálé Ogunleye Ngũgĩ Mwangi Nkosi Mthembu N'Diaye Asante Diallo Eze Kipchoge-Rono",
    ),
    _language(
        9,
        WESTERN,
        "Aarav Ananya Priyanka Rohan Lakshmi Vikram Meera Arjun Sneha Harpreet Tarun Divya",
        "Raghunathan Chatterjee Iyer Deshpande Gill Dhaliwal Venkataraman Bhattacharya Nair Qureshi "
        "Pillai Shrestha",
    ),
    _language(
        7,
        "{family} {given}",
        "Minh~Châu Thị~Hương Quốc~Anh Ngọc~Ánh Đức~Huy Thanh~Trúc Bảo~Ngân Hữu~Phước Khánh~Linh",
        "Nguyễn Trần Phạm Đặng Huỳnh Võ Bùi Lê Đỗ",
    ),
    _language(
        3,
        WESTERN,
        "Min-jun Seo-yeon Ji-ho Ha-eun Wei-Ling Jia~Hui Kai~Xin Zhi~Hao",
        "Kim Park Choi Tan Lim Goh Wong Yeo",
    ),
    _language(
        3,
        WESTERN,
        "Siti~Aminah Agus Dewi Rizal Marisol Jun-Jun Kalani Leilani Tāne Aroha",
        "Wijaya Santoso Dela~Cruz Bautista Kāne Ka‘ahumanu Ngata Te~Rangi",
    ),
    _language(
        6,
        WESTERN,
        "محمد فاطمة يوسف مريم خالد ليلى عمر نور حسن زينب",
        "الأحمد الخطيب العلي المصري حدّاد النجّار الشامي القاسم",
    ),
    _language(
        6,
        EASTERN,
        "伟 芳 秀英 子涵 浩然 雨桐 志强 欣怡 建国 梓萱",
        "王 李 张 陈 欧阳 黄 周 司马 赵",
    ),
    _language(
        6,
        WESTERN,
        "Олена Дмитро Наталія Сергій Анастасия Михаил Ольга Богдан Светлана Ярослав",
        "Шевченко Коваленко Бондаренко Мельник Лысенко Савчук Кравець Гончар",
    ),
    _language(
        3,
        WESTERN,
        "Ελένη Γιώργος Αικατερίνη Νίκος Δήμητρα Σπύρος Ζωή Θανάσης",
        "Αθανασίου Οικονόμου Δημητρίου Παπανικολάου Βλάχου Ιωάννου",
    ),
    _language(2, WESTERN, "נועה איתי תמר יונתן שירה אורי", "כהן לוי מזרחי פרץ ביטון"),
    _language(2, EASTERN, "さくら 健太 美咲 大輔 陽菜 翔", "佐藤 鈴木 高橋 伊藤 渡辺 小林"),
)

# Each stands once in the demo data, in a class that teacher one sees.
ONE_WORD: Final = "Suharto"
LONGEST: Final = (
    "María de los Ángeles Guadalupe Fernández-Villaverde y Montes de Oca de la Santísima Trinidad "
    "Echevarría O'Donnell"
)
NAMESAKES: Final = "Grace O'Malley"
