"""The statement behind the home feed, in parts: my places, what stands there, what is shown of it."""

from __future__ import annotations

# The key of my line among the markers: all units of the line are read together, and no group has this id.
LINE = 0

# My places, and how far I had read in each when page 1 was drawn. Without «unread first» everything counts as read.
# Where a group keeps its history to those who were there, `since` is when I came.
MINE = """
WITH place AS (
    SELECT m.group_id, NULL::bigint AS unit_id, m.group_id AS key, COALESCE(m.read_until, m.joined_at) AS read_until,
           CASE WHEN grp.open_history THEN '-infinity'::timestamptz ELSE m.joined_at END AS since
    FROM groups_membership m JOIN groups_group grp ON grp.id = m.group_id AND grp.closed_at IS NULL
    WHERE m.employee_id = %(me)s AND m.muted_at IS NULL
    UNION ALL
    SELECT f.group_id, NULL, f.group_id, COALESCE(f.read_until, f.created_at), '-infinity'
    FROM groups_follow f
    JOIN groups_group grp ON grp.id = f.group_id AND grp.closed_at IS NULL AND grp.privacy = 'open'
    WHERE f.employee_id = %(me)s
          AND NOT EXISTS (SELECT 1 FROM groups_membership m WHERE m.group_id = f.group_id AND m.employee_id = %(me)s)
    UNION ALL
    SELECT DISTINCT NULL::bigint, part::bigint, 0::bigint, COALESCE(line.read_until, me.created_at),
           '-infinity'::timestamptz
    FROM directory_employee me
    JOIN directory_employment job ON job.employee_id = me.id AND job.start_date <= %(today)s
         AND (job.end_date IS NULL OR job.end_date >= %(today)s)
    JOIN directory_orgunit unit ON unit.id = job.unit_id
    CROSS JOIN LATERAL unnest(string_to_array(btrim(unit.path, '/'), '/')) part
    LEFT JOIN feed_linemarker line ON line.employee_id = me.id
    WHERE me.id = %(me)s
),
mine AS MATERIALIZED (
    SELECT place.group_id, place.unit_id, place.key, place.since,
           CASE WHEN %(unread_first)s
                THEN COALESCE(known.marker, place.read_until) ELSE 'infinity'::timestamptz END AS marker
    FROM place
    LEFT JOIN unnest(%(places)s::bigint[], %(markers)s::timestamptz[]) AS known(key, marker) ON known.key = place.key
),
"""

# Of the two probes one asks for a place that is null, which costs nothing.
CANDIDATES = """
unread AS MATERIALIZED (
    SELECT 0 AS section, p.id, p.post_id, p.published_at
    FROM mine CROSS JOIN LATERAL (
        (SELECT id, post_id, published_at FROM feed_placement
         WHERE group_id = mine.group_id AND published_at > GREATEST(mine.marker, mine.since)
               AND published_at <= %(moment)s AND (published_at, id) < (%(unread_at)s, %(unread_id)s)
         ORDER BY published_at DESC, id DESC LIMIT %(number)s)
        UNION ALL
        (SELECT id, post_id, published_at FROM feed_placement
         WHERE unit_id = mine.unit_id AND published_at > mine.marker
               AND published_at <= %(moment)s AND (published_at, id) < (%(unread_at)s, %(unread_id)s)
         ORDER BY published_at DESC, id DESC LIMIT %(number)s)
    ) p
    WHERE %(unread_first)s AND %(section)s = 0
    ORDER BY p.published_at DESC, p.id DESC LIMIT %(number)s
),
read AS (
    SELECT 1 AS section, p.id, p.post_id, p.published_at
    FROM mine CROSS JOIN LATERAL (
        (SELECT id, post_id, published_at FROM feed_placement
         WHERE group_id = mine.group_id AND published_at <= LEAST(mine.marker, %(moment)s)
               AND published_at >= mine.since AND (published_at, id) < (%(read_at)s, %(read_id)s)
         ORDER BY published_at DESC, id DESC LIMIT %(number)s)
        UNION ALL
        (SELECT id, post_id, published_at FROM feed_placement
         WHERE unit_id = mine.unit_id AND published_at <= LEAST(mine.marker, %(moment)s)
               AND (published_at, id) < (%(read_at)s, %(read_id)s)
         ORDER BY published_at DESC, id DESC LIMIT %(number)s)
    ) p
    WHERE (SELECT count(*) FROM unread) < %(number)s
    ORDER BY p.published_at DESC, p.id DESC LIMIT %(number)s
),
candidate AS (
    SELECT * FROM unread UNION ALL SELECT * FROM read ORDER BY section, published_at DESC, id DESC LIMIT %(number)s
)
"""

# A candidate is shown unless its post has been deleted or hidden, has come to its end, or stands earlier in this same
# feed, in another place.
SHOWN = """
SELECT candidate.section, candidate.id, candidate.published_at,
       post.deleted_at IS NULL AND post.hidden_at IS NULL AND (post.ends_at IS NULL OR post.ends_at > now())
       AND NOT EXISTS (
           SELECT 1 FROM feed_placement other
           JOIN mine theirs ON theirs.group_id = other.group_id OR theirs.unit_id = other.unit_id
           WHERE other.post_id = candidate.post_id AND other.id <> candidate.id AND other.published_at <= %(moment)s
                 AND other.published_at >= theirs.since
                 AND (-(other.published_at <= theirs.marker)::int, other.published_at, other.id)
                     > (-candidate.section, candidate.published_at, candidate.id)
       ) AS shown,
       NULL::jsonb AS facts
FROM candidate JOIN feed_post post ON post.id = candidate.post_id
"""

# In which places something is new. The page that is drawn moves those markers on, in the same statement: what it
# reads is as things were before.
BEHIND = """,
behind AS MATERIALIZED (
    SELECT mine.key, mine.marker FROM mine
    WHERE %(unread_first)s AND (
        EXISTS (SELECT 1 FROM feed_placement p WHERE p.group_id = mine.group_id
                AND p.published_at > GREATEST(mine.marker, mine.since) AND p.published_at <= %(moment)s)
        OR EXISTS (SELECT 1 FROM feed_placement p WHERE p.unit_id = mine.unit_id
                   AND p.published_at > mine.marker AND p.published_at <= %(moment)s))
    GROUP BY mine.key, mine.marker ORDER BY mine.marker LIMIT %(most_markers)s
),
moved AS (
    UPDATE groups_membership m SET read_until = %(moment)s FROM behind
    WHERE %(mark)s AND m.group_id = behind.key AND m.employee_id = %(me)s
),
moved_follows AS (
    UPDATE groups_follow f SET read_until = %(moment)s FROM behind
    WHERE %(mark)s AND f.group_id = behind.key AND f.employee_id = %(me)s
),
moved_line AS (
    INSERT INTO feed_linemarker (employee_id, read_until)
    SELECT %(me)s, %(moment)s FROM behind WHERE %(mark)s AND behind.key = 0
    ON CONFLICT (employee_id) DO UPDATE SET read_until = EXCLUDED.read_until
)
"""

# On page 1 also: those places, and where I have been mentioned since I was last there.
FIRST_PAGE = """
UNION ALL
SELECT -1, behind.key, behind.marker, false, NULL FROM behind
UNION ALL
(SELECT -2, mention.id, mention.created_at, true,
        jsonb_build_object('post', post.public_id, 'comment', comment.public_id, 'place', COALESCE(grp.name, unit.name),
                           'text', left(COALESCE(comment.text, post.text), 300), 'first_name', writer.first_name,
                           'last_name', writer.last_name, 'chosen_name', writer.chosen_name,
                           'protected', writer.protected, 'photo', writer.photo, 'public_id', writer.public_id)
 FROM conversations_mention mention
 JOIN feed_post post ON post.thread_id = mention.thread_id AND post.deleted_at IS NULL AND post.hidden_at IS NULL
 CROSS JOIN LATERAL (
     SELECT mine.group_id, mine.unit_id, mine.marker FROM feed_placement p
     JOIN mine ON (mine.group_id = p.group_id OR mine.unit_id = p.unit_id) AND p.published_at >= mine.since
     WHERE p.post_id = post.id ORDER BY p.id LIMIT 1
 ) place
 LEFT JOIN groups_group grp ON grp.id = place.group_id
 LEFT JOIN directory_orgunit unit ON unit.id = place.unit_id
 LEFT JOIN conversations_comment comment ON comment.id = mention.comment_id
 JOIN directory_employee writer ON writer.id = COALESCE(comment.author_id, post.author_id)
 WHERE mention.employee_id = %(me)s AND %(unread_first)s AND comment.deleted_at IS NULL AND comment.hidden_at IS NULL
       AND mention.created_at > GREATEST(place.marker, %(moment)s - interval '14 days')
       AND mention.created_at <= %(moment)s
 ORDER BY mention.created_at DESC LIMIT %(most_mentions)s)
"""
ORDER = "ORDER BY 1, 3 DESC, 2 DESC"


def feed_statement(*, first_page: bool) -> str:
    """Return the statement for page 1, which also moves the markers and tells of mentions, or for a later one."""
    shown = (BEHIND, SHOWN, FIRST_PAGE) if first_page else (SHOWN,)
    return "".join([MINE, CANDIDATES, *shown, ORDER])
