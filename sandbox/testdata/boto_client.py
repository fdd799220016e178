"""What the book's boto does in the sandbox: SigV2. Exit status 77: it is not there."""
import sys

try:
    import boto
    import boto.ec2
    from boto.exception import EC2ResponseError, S3ResponseError
    from boto.ec2.connection import EC2Connection
    from boto.ec2.regioninfo import RegionInfo
    from boto.s3.connection import OrdinaryCallingFormat, S3Connection
except Exception:  # an old boto on a new Python fails in many ways
    sys.exit(77)

url, key, secret = sys.argv[1:]
host, port = url[len("http://"):].split(":")


def same(got, want):
    if got != want:
        sys.exit("got %r, want %r" % (got, want))


def ec2(secret):
    return EC2Connection(key, secret, is_secure=False, port=int(port), path="/",
                         region=RegionInfo(name="us-east-1", endpoint=host))


c = ec2(secret)
same("eu-west-1" in [r.name for r in c.get_all_regions()], True)
same(c.get_all_zones()[0].state, "available")
same(c.create_key_pair("paws").name, "paws")
same([k.name for k in c.get_all_key_pairs()], ["paws"])
group = c.create_security_group("paws", "for paws")
same(group.authorize("tcp", 22, 22, "0.0.0.0/0"), True)
same(c.delete_key_pair("paws"), True)
try:
    c.get_all_instances(instance_ids=["i-01234567"])
    sys.exit("no error")
except EC2ResponseError as e:
    same(e.error_code, "InvalidInstanceID.NotFound")
try:
    ec2("wrong").get_all_zones()
    sys.exit("no error")
except EC2ResponseError as e:
    same(e.error_code, "SignatureDoesNotMatch")

s3 = S3Connection(key, secret, is_secure=False, host=host, port=int(port), calling_format=OrdinaryCallingFormat())
bucket = s3.create_bucket("paws-boto")
k = bucket.new_key("a b/paw")
k.set_metadata("paw", "left")
k.set_contents_from_string("hello")
same(bucket.get_key("a b/paw").get_contents_as_string(), b"hello")
same(bucket.get_key("a b/paw").get_metadata("paw"), "left")
same([x.name for x in bucket.list()], ["a b/paw"])
same(bucket.get_key("none"), None)
bucket.set_acl("public-read")
same(len(bucket.get_acl().acl.grants), 2)
bucket.configure_versioning(True)
same(bucket.get_versioning_status().get("Versioning"), "Enabled")
try:
    s3.get_bucket("no-such-bucket-of-ours")
    sys.exit("no error")
except S3ResponseError as e:
    same(e.status, 404)

# The services of boto's time in their query protocol.
import boto.ec2.cloudwatch
import boto.iam.connection
import boto.sns.connection
import boto.sqs.connection
from boto.sqs.message import Message

local = dict(is_secure=False, port=int(port))
region = RegionInfo(name="us-east-1", endpoint=host)
cw = boto.ec2.cloudwatch.CloudWatchConnection(key, secret, region=region, **local)
same(cw.put_metric_data("paws", "purr", value=3.5, unit="Count"), True)
same([(m.name, m.namespace) for m in cw.list_metrics(namespace="paws")], [("purr", "paws")])
sns = boto.sns.connection.SNSConnection(key, secret, region=region, **local)
sqs = boto.sqs.connection.SQSConnection(key, secret, region=region, **local)
queue = sqs.create_queue("paws")
m = Message()
m.set_body("hello")
queue.write(m)
same([m.get_body() for m in queue.get_messages()], ["hello"])
same(queue.count(), 0)  # in flight
iam = boto.iam.connection.IAMConnection(key, secret, host=host, **local)
same(iam.create_user("alice")["create_user_response"]["create_user_result"]["user"]["user_name"], "alice")
same(iam.get_all_users()["list_users_response"]["list_users_result"]["users"][0]["user_name"], "alice")
