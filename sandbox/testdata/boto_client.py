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
