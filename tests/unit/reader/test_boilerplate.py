"""Nothing is drafted from the lines around an article, and no sentence of it is taken for one."""

import time

import pytest

from tocsin.reader.boilerplate import sift

GONE = """\
Subscribe to our newsletter
Sign up for The Guardian's free newsletter today
Follow us on Facebook
Follow Kyiv Post on Twitter, Facebook and Telegram.
Advertisement
ADVERTISEMENT
Share
Share this article
Facebook Twitter WhatsApp Email
First published: 17:24, 03.01.22
Published: March 1, 2022 at 5:24 PM EST
Updated 2 hours ago
Last updated: 1 March 2022, 10:15 GMT
Tuesday, 1 March 2022 17:24
Published 5 Mar 2022 10:00 | Updated 5 Mar 2022 12:30
Kyiv, March 1, 2022
By John Smith and Jane Doe
By John Smith, Associated Press
Reporting by John Smith; Editing by Jane Doe
(Reporting by John Smith in Kyiv; Editing by Jane Doe)
Our Standards: The Thomson Reuters Trust Principles.
Read more: Five killed in Kharkiv strike
READ ALSO: 10 dead in a quake
Related: ten cheeses that killed 19 recipes
Photo: State Emergency Service
Image source, Getty Images
REUTERS/Valentyn Ogirenko
(AP Photo/Efrem Lukatsky)
© 2022 The Associated Press. All rights reserved.
This material may not be published, broadcast, rewritten or redistributed.
This is a breaking news story and will be updated.
About Author
Leave a Reply
Your email address will not be published. Required fields are marked *
Save my name, email, and website in this browser for the next time I comment.
Name *
Post Comment
You must be logged in to post a comment.
5 min read
Home > World > Europe
Tags: Ukraine, war, missile
Story continues below advertisement
Get the latest news in your inbox
John Smith is a reporter for The Times, covering Europe.
Privacy Policy | Terms of Use | Contact
12 shares
File photo: a missile in 2019
Source: State Emergency Service
Have a tip? Contact our newsroom at tips@news.example
Good morning and welcome to our live coverage.
***"""

KEPT = """\
Updated figures show ten people were killed.
Follow-up strikes killed 5.
By Tuesday, rescuers had found 30 bodies.
By Tuesday rescuers had found 30 bodies in the ruins of the
Reuters, citing officials, reported that 10 people died.
AFP reported that 5 died.
Reporters Without Borders said three journalists died.
Photos showed smoke over the city.
Video from the scene showed bodies.
Share prices fell 5 percent after the attack.
The report was updated to show 12 dead.
Smith is a reporter for Reuters who was killed in the strike.
Related attacks killed 12 people in the region.
More than 50 people died.
Watch officers saw the ship sink at 10 p.m. on Tuesday.
Source close to the ministry said 10 died.
March was the deadliest month.
On Tuesday, 3 people were killed.
Five killed, 10 injured in Kyiv
Comments by the minister angered families.
Advertisement boards fell on people, killing two.
World leaders condemned the attack.
Stock markets fell after the attack.
Email servers of the ministry were down on Monday.
10:45 a.m. - Explosions heard in Kyiv
10:45
Dead: 12
Print shops burned down; 3 people died.
Home to 3 million people, the city was dark.
Stay indoors, the mayor told residents.
Live fire killed four protesters, medics said.
The Associated Press said 12 people were killed.
Get out of the city now, the governor said.
Support teams reached the village on Monday.
Editing the list of the dead took days, officials said.
Breaking through the wall, firefighters saved three.
WHO: 50 dead in hospital attack
Enter at your own risk, the sign read.
The agency (AP) said five died.
NATO \N{EM DASH} an alliance \N{EM DASH} said five died.
IAEA chief Rafael Grossi (left) - five died.
S-300 missiles - five died."""

GONE_UK = """\
Підписуйтесь на наш Телеграм-канал
Підписуйтеся на Українську правду в Telegram
Читайте також: Що відомо про авіабомби
Реклама
Опубліковано: 26 травня 2024, 14:35
Неділя, 26 травня 2024, 14:35
Фото: ДСНС України
Поділитися
Усі права захищено
Залишити коментар
Ірина Петренко — Субота, 25 травня 2024, 16:40
Теги: Харків, вибух
5 хв читання"""

KEPT_UK = """\
ДСНС повідомила про п'ять загиблих.
Відео з місця події показало пошкоджений будинок.
Фото зруйнованого будинку оприлюднила поліція.
Автор обстрілу невідомий.
У травні загинули 26 людей.
Поділитися хлібом прийшли сусіди, сказав він.
Головна дорога перекрита, рух зупинено."""


@pytest.mark.parametrize("line", GONE.splitlines())
def test_a_line_around_the_article_is_dropped(line):
    found = sift(line, "en")
    assert not found.kept
    assert [each.text for each in found.dropped] == [line]


@pytest.mark.parametrize("line", KEPT.splitlines())
def test_a_sentence_of_the_article_is_kept_whole(line):
    found = sift(line, "en")
    assert not found.dropped
    assert found.kept == (((0, len(line)),),)


@pytest.mark.parametrize("line", GONE_UK.splitlines())
def test_a_ukrainian_line_around_the_article_is_dropped(line):
    assert not sift(line, "uk").kept


@pytest.mark.parametrize("line", KEPT_UK.splitlines())
def test_a_ukrainian_sentence_is_kept_whole(line):
    assert not sift(line, "uk").dropped


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ("KYIV (Reuters) - ", "Reuters"),
        ("KYIV, Ukraine (AP) — ", "AP"),
        ("KYIV, March 1 (Reuters) - ", "Reuters"),
        ("WASHINGTON/KYIV, March 1 (Reuters) - ", "Reuters"),
        ("DERNA, Libya, Sept. 14, 2023 – ", None),
        ("(CNN) — ", "CNN"),
        ("(CNN)", "CNN"),
        ("ISTANBUL — ", None),
        ("NEW DELHI, Feb. 6 -- ", None),
        ("Ankara (dpa) - ", "dpa"),
        ("MARRAKESH, Sept 10 (Agency) - ", None),
        ("MOSCOW, March 1. /TASS/. ", "TASS"),
        ("BREAKING: ", None),
        ("UPDATE 2-", None),
        ("КИЇВ, 1 березня (Укрінформ) — ", "Укрінформ"),
        ("Деталі: ", None),
    ],
)
def test_a_dateline_goes_and_names_its_agency(head, outlet):
    line = f"{head}Five people died."
    found = sift(line, "uk" if head.startswith(("КИЇВ", "Деталі")) else "en")
    assert [line[part[0][0] : part[-1][1]] for part in found.kept] == ["Five people died."]
    assert found.outlet == outlet


@pytest.mark.parametrize(
    "tail",
    [
        " (AFP)",
        " (Reporting by John Smith; Editing by Ann Lee)",
        " REUTERS/Gleb Garanich",
        " (AP Photo/Efrem Lukatsky)",
    ],
)
def test_a_credit_at_the_end_goes_alone(tail):
    line = f"Smoke rose over the port.{tail}"
    found = sift(line, "en")
    assert found.kept == (((0, len("Smoke rose over the port.")),),)


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("Follow Israel Hayom on Facebook, Twitter, and Instagram", "Israel Hayom"),
        ("Subscribe to Israel Hayom's daily newsletter and never miss a story!", "Israel Hayom"),
        ("© 2023 Relief Wire. All rights reserved.", "Relief Wire"),
        ("By Kainoa Reyes | Star Bulletin", "Star Bulletin"),
        ("Sign up for our free Morning Briefing newsletter.", None),
        ("Follow us on Facebook", None),
    ],
)
def test_the_outlet_is_named_by_its_boilerplate(line, outlet):
    found = sift(f"Five people died in the port.\n{line}", "en")
    assert found.outlet == outlet
    assert len(found.kept) == 1


ARTICLE = "At least five people died in the port of the town on Monday, officials said.\n\n" * 5


def test_after_the_article_the_readers_words_go():
    found = sift(ARTICLE + "2 Comments\n\nBob: 500 people died there, I heard.", "en")
    assert len(found.kept) == 5
    assert found.dropped[-1].text == "Bob: 500 people died there, I heard."


def test_a_button_for_comments_above_the_article_takes_nothing_with_it():
    assert len(sift("Port burns\n\nComments\n\n" + ARTICLE, "en").kept) == 6


@pytest.mark.parametrize("head", ["Reactions", "Discussion", "Casualties", "Response", "War"])
def test_a_heading_inside_the_article_takes_nothing_with_it(head):
    assert len(sift(f"{ARTICLE}{head}\n\nThe mayor asked for help.", "en").kept) >= 6


def test_headlines_of_other_articles_go_up_to_the_next_sentence():
    text = (
        f"{ARTICLE}Most read\n\nTen cheeses that killed 19\n\nWhy bridges fall?\n\nIt is over now."
    )
    found = sift(text, "en")
    last = found.kept[-1]
    assert text[last[0][0] : last[-1][1]] == "It is over now."
    assert "Ten cheeses that killed 19" in [each.text for each in found.dropped]


def test_what_is_dropped_stands_where_it_says():
    text = "KYIV (AP) — One.\n\nShare\n\nTwo. (AFP)"
    assert all(text[each.start : each.end] == each.text for each in sift(text, "en").dropped)


@pytest.mark.parametrize(
    "line",
    [
        "may.a.m." * 28 + "x",
        "home" + " > a" * 60 + ".",
        "share " * 40 + "q",
        "Abc /" * 40,
        "By A" + " A" * 110 + ".",
        "(" * 250,
        ">" * 250,
        "ABC, " * 48,
        "a is a " * 35,
    ],
    ids=range(9),
)
def test_no_line_takes_long(line):
    begun = time.process_time()
    sift((line + "\n\n") * 100, "en")
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    "head",
    [
        "NEW DELHI: ",
        "MATI, Greece: ",
        "KYIV, Ukraine, June 7: ",
        "Khartoum (News Wire) September 20, 2025 \u2013 ",
        "Athens, 24 July 2018 \u2013 ",
        "PARIS, July 3 \u2014 ",
    ],
)
def test_a_dateline_before_the_first_sentence_goes(head):
    text = f"A quake killed ten\n\n{head}{ARTICLE}"
    found = sift(text, "en")
    first = found.kept[1][0][0]
    assert text[first:].startswith(ARTICLE[:20])
    assert head.strip() in [each.text.strip() for each in found.dropped]


@pytest.mark.parametrize(
    "sentence",
    [
        "WHO: Forty people were killed in the attack on a hospital, and eleven are in it now.",
        "Police in June 2024: five people were killed and eleven are in hospital after the attack.",
        "The mayor, 54, said five people were killed and eleven are in hospital after the attack.",
    ],
)
def test_who_says_so_before_a_colon_stays(sentence):
    found = sift(f"A quake killed ten\n\n{sentence}", "en")
    assert found.kept[1][0][1] - found.kept[1][0][0] == len(sentence)
