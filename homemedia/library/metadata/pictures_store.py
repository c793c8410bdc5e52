"""Every statement about pictures that NFO files name by their addresses; decides nothing."""

# Whether any of these items has something to do: an address, or a picture from one that may be named no more.
NOTICED = """
    SELECT DISTINCT item.library_id
      FROM json_each(:ids) AS wish CROSS JOIN item ON item.item_id = wish.value
     WHERE EXISTS (SELECT 1 FROM item_field WHERE item_field.item_id = item.item_id AND item_field.source = 'nfo'
                      AND item_field.field IN ('thumb_urls', 'art_urls'))
        OR EXISTS (SELECT 1 FROM artwork WHERE artwork.item_id = item.item_id AND artwork.source = 'download'
                      AND substr(artwork.origin, 1, 4) = 'http')
"""
MAY_FETCH = """
    SELECT coalesce(json_extract(options, '$.metadataSource'), 'auto') = 'auto' AS may_fetch
      FROM library WHERE library_id = :library_id
"""
# Of all addresses those that are still to be asked: with a hundred thousand NFO files most have been.
NAMED = """
    SELECT item.item_id, item.kind AS item_kind, item_field.field, item_field.value,
           (SELECT item_source.mark FROM item_source
             WHERE item_source.item_id = item.item_id AND item_source.kind = 'facts') AS mark
      FROM item CROSS JOIN item_field ON item_field.item_id = item.item_id
       AND item_field.field IN ('thumb_urls', 'art_urls') AND item_field.source = 'nfo'
     WHERE item.library_id = :library_id AND item.missing_since_at IS NULL
       AND NOT EXISTS (
           SELECT 1 FROM artwork
            WHERE artwork.item_id = item.item_id AND artwork.is_broken = 0
              AND artwork.kind || '_urls' = item_field.field
              AND (artwork.source = 'local' OR artwork.origin IN (SELECT value FROM json_each(item_field.value))))
     ORDER BY item.item_id
"""
# Pictures from addresses that no NFO names any more.
FORGOTTEN = """
    SELECT artwork.item_id, artwork.kind FROM item CROSS JOIN artwork ON artwork.item_id = item.item_id
     WHERE item.library_id = :library_id AND artwork.source = 'download' AND artwork.is_chosen = 0
       AND substr(artwork.origin, 1, 4) = 'http'
       AND NOT EXISTS (
           SELECT 1 FROM item_field JOIN json_each(item_field.value) AS named ON named.value = artwork.origin
            WHERE item_field.item_id = item.item_id AND item_field.source = 'nfo'
              AND item_field.field = artwork.kind || '_urls')
"""
HAS = """
    SELECT source, origin, is_broken FROM artwork WHERE item_id = :item_id AND kind = :kind
"""
