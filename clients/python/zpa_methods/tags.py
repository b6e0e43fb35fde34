"""Tags: namespaces, the keys in them with their values, and groups of tags. The SDK takes these as its own objects."""

from zscaler.zpa.models.tag_group import TagGroup
from zscaler.zpa.models.tag_key import BulkUpdateStatusRequest, TagKey
from zscaler.zpa.models.tag_namespace import Namespace, UpdateStatusRequest

from every_method.rows import deleted, does, listed, made, read, updated

NAMESPACE = {"name": "Harbour tags", "description": "of the port", "enabled": True}
KEY = {"name": "Quay", "description": "which one", "enabled": True}
GROUP = {"name": "North side", "description": "both quays"}


def group(look, **more):
    """A group with the second value of the key."""
    key = look("tag key.tag_values")
    value = key[1] if isinstance(key[1], dict) else {"id": key[1].id, "name": key[1].name}
    return TagGroup({**GROUP, **more, "tags": [{
        "namespace": {"id": look("namespace")}, "tagKey": {"id": look("tag key")}, "tagValue": value}]})


ROWS = [
    made("namespace", "tag_namespace.create_namespace", {}, args=[lambda look: Namespace(NAMESPACE)], like=NAMESPACE),
    read("tag_namespace.get_namespace", "namespace"),
    listed("tag_namespace.list_namespaces", "namespace"),
    does("tag_namespace.get_namespace_by_name", args=["harbour tags"],
         check=lambda value, look: value.id == look("namespace")),
    updated("tag_namespace.update_namespace", "namespace", {}, like={"description": "of the whole port"},
            args=["$namespace", lambda look: Namespace({**NAMESPACE, "description": "of the whole port"})]),
    made("tag key", "tag_key.create_tag_key", {}, like=KEY, args=["$namespace", lambda look: TagKey({
        **KEY, "tagValues": [{"name": "first"}, {"name": "second"}]})]),
    read("tag_key.get_tag_key", "tag key", args=["$namespace", "$tag key"]),
    listed("tag_key.list_tag_keys", "tag key", args=["$namespace"]),
    does("tag_key.get_tag_key_by_name", args=["$namespace", "quay"],
         check=lambda value, look: value.id == look("tag key")),
    made("tag group", "tag_group.create_tag_group", {}, like=GROUP, args=[lambda look: group(look)]),
    read("tag_group.get_tag_group", "tag group"),
    listed("tag_group.list_tag_groups", "tag group"),
    does("tag_group.get_tag_group_by_name", args=["north side"],
         check=lambda value, look: value.id == look("tag group")),
    updated("tag_group.update_tag_group", "tag group", {}, like={"description": "the second quay"},
            args=["$tag group", lambda look: group(look, description="the second quay")]),
    deleted("tag_group.delete_tag_group", "tag group"),
    updated("tag_key.update_tag_key", "tag key", {}, like={"description": "whichever"},
            args=["$namespace", "$tag key", lambda look: TagKey({
                **KEY, "description": "whichever", "tagValues": [{"name": "third"}]})]),
    does("tag_key.bulk_update_status", args=["$namespace", lambda look: BulkUpdateStatusRequest({
        "enabled": False, "tagKeyIds": [look("tag key")]})]),
    does("tag_key.get_tag_key", args=["$namespace", "$tag key"], check=lambda value, look: value.enabled is False),
    does("tag_namespace.update_namespace_status", args=["$namespace", lambda look: UpdateStatusRequest({
        "enabled": False})]),
    deleted("tag_key.delete_tag_key", "tag key", args=["$namespace", "$tag key"]),
    deleted("tag_namespace.delete_namespace", "namespace"),
]
