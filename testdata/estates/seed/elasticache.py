"""A Memcached and a Redis cluster in their own subnets, a replication group with its members, and a user."""


def seed(session, context):
    elasticache = session.client("elasticache")
    name = context["prefix"]
    tags = [{"Key": "Name", "Value": f"{name}-cache"}, {"Key": "team", "Value": "shop"}]
    elasticache.create_cache_subnet_group(
        CacheSubnetGroupName=f"{name}-cache",
        CacheSubnetGroupDescription="Where the caches live",
        SubnetIds=context["subnet_ids"],
        Tags=tags,
    )
    elasticache.create_cache_cluster(
        CacheClusterId=f"{name}-pages",
        Engine="memcached",
        EngineVersion="1.6.22",
        CacheNodeType="cache.t4g.small",
        NumCacheNodes=2,
        CacheSubnetGroupName=f"{name}-cache",
        PreferredMaintenanceWindow="sun:05:00-sun:06:00",
        Tags=tags,
    )
    elasticache.create_replication_group(
        ReplicationGroupId=f"{name}-sessions",
        ReplicationGroupDescription="Who is signed in",
        Engine="redis",
        EngineVersion="7.1",
        CacheNodeType="cache.t4g.medium",
        NumCacheClusters=1,
        AutomaticFailoverEnabled=False,
        MultiAZEnabled=False,
        AtRestEncryptionEnabled=True,
        TransitEncryptionEnabled=True,
        CacheSubnetGroupName=f"{name}-cache",
        SnapshotRetentionLimit=5,
        Tags=tags,
    )
    for number in (1, 2):  # ElastiCache makes them itself
        elasticache.create_cache_cluster(
            CacheClusterId=f"{name}-sessions-00{number}",
            ReplicationGroupId=f"{name}-sessions",
            Engine="redis",
            EngineVersion="7.1",
            CacheNodeType="cache.t4g.medium",
            NumCacheNodes=1,
            CacheSubnetGroupName=f"{name}-cache",
        )
    elasticache.create_user(
        UserId=f"{name}-reader",
        UserName="reader",
        Engine="redis",
        AccessString="on ~app:* +@read",
        Passwords=["correct-horse-battery-staple"],
        Tags=tags,
    )
    return {
        "aws_elasticache_cluster": [f"{name}-pages"],
        "aws_elasticache_replication_group": [f"{name}-sessions"],
        "aws_elasticache_subnet_group": [f"{name}-cache"],
        "aws_elasticache_user": [f"{name}-reader"],
    }
