"""Thirty-eight things about the service that a naive client misses: where each is tested.

Each is one of our own sentences about a fact; the second part names tests of this folder, or says
after "not tested:" why a client cannot or need not test it.
"""

import re
from pathlib import Path

import pytest

POINTS = {
    1: (
        "API CSVs come as gzip, asked for or not",
        "test_gzip_is_decoded_even_when_it_was_not_asked_for",
    ),
    2: ("no ETag, no range: a body is fetched whole", "test_bodies_are_asked_for_whole"),
    3: ("withdrawn: readable, not queryable", "test_reference_versions_wildcards_and_withdrawals"),
    4: ("wildcards name published versions", "test_reference_versions_wildcards_and_withdrawals"),
    5: ("patches are listed in no order", "test_versions_are_sorted_by_number_and_not_by_text"),
    6: ("unknown ids warn, unknown indicators fail", "test_reference_queries_agree_with_the_csv"),
    7: ("values are text, symbols included", "test_a_query_takes_all_pages_from_one_version"),
    8: ("ids are opaque", "not tested: the client passes ids on and never makes or orders them"),
    9: ("each list has its own page bounds", "test_requests_are_those_of_the_contract"),
    10: (
        "unknown members fail; POST pages in its body",
        "test_reference_queries_agree_with_the_csv",
    ),
    11: ("no data sets is an empty list, not 404", "test_reference_unknown_things"),
    12: ("members may be absent", "test_members_that_are_left_out_are_empty"),
    13: ("patch history of no patch fails", "test_requests_are_those_of_the_contract"),
    14: ("308 keeps the method", "test_redirects_keep_the_method_where_they_must"),
    15: ("problems have codes", "test_refusals_are_typed_and_carry_the_services_codes"),
    16: ("long queries are refused", "test_wrong_use_is_found_before_it_is_sent"),
    17: ("429 with and without Retry-After", "test_retry_after_is_obeyed_in_both_forms"),
    18: ("JSON is compressed on request", "test_json_that_comes_compressed_is_read"),
    19: ("summaries hold labels", "not tested: labels and codes are passed on as they come"),
    20: ("query rows hold level codes", "not tested: levels are passed on as they come"),
    21: (
        "periods are written in three ways",
        "not tested: fetch does not read periods; ingest does",
    ),
    22: ("a comma cannot be sent by GET", "test_a_comma_in_a_criterion_arrives_whole"),
    23: ("drafts need a token", "not tested: no preview token is ever sent; drafts are 403"),
    24: (
        "criteria have a logic of their own",
        "not tested: criteria are sent as they are given and the service alone reads them",
    ),
    25: ("searches need three characters", "test_wrong_use_is_found_before_it_is_sent"),
    26: ("catalogue CSV: no length, 404 when gone", "test_the_next_surface_serves_where_one_fails"),
    27: (
        "amendment: new version id, old refused",
        "test_a_release_amended_during_the_run_is_listed_again",
    ),
    28: (
        "zip: no length, guidance last",
        "test_every_pinned_file_arrives_once_with_a_receipt",
    ),
    29: ("weak ETags: nothing is conditional", "test_bodies_are_asked_for_whole"),
    30: ("removed endpoints are 404", "test_without_discovery_the_known_ids_stand_in"),
    31: ("lists mix releases and legacy pages", "test_news_are_found_from_lists_alone"),
    32: (
        "id means release or version",
        "test_receipts_name_the_release_version_and_not_the_release",
    ),
    33: ("renamed slugs redirect", "test_redirects_keep_the_method_where_they_must"),
    34: (
        "a challenge page as 200 or 403",
        "test_a_fault_on_every_body_is_named_and_leaves_nothing",
    ),
    35: (
        "sizes are words; rows are exact",
        "test_a_body_without_the_rows_that_the_service_counts_is_a_fault",
    ),
    36: ("zip and files may disagree", "test_where_file_and_zip_disagree_the_hash_decides"),
    37: ("files have warts", "test_measurements_do_not_depend_on_the_pieces"),
    38: (
        "a cut body shows in three ways",
        "test_a_cut_body_is_seen_by_its_chunks_its_trailer_or_its_rows",
    ),
}


def written():
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_fetch_*.py")]
    return re.findall(r"^def (test_\w+)", "\n".join(texts), re.MULTILINE)


@pytest.mark.parametrize("point", range(1, 39))
def test_every_point_has_a_test_or_a_reason(point):
    _, where = POINTS[point]
    if where.startswith("not tested: "):
        assert len(where) > 30
    else:
        assert where in written()
