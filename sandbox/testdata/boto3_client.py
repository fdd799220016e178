"""What a boto3 user does in the sandbox. Exit status 77: boto3 is not there."""
import io
import sys

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    sys.exit(77)

url, key, secret = sys.argv[1:]


def client(name, **config):
    return boto3.client(name, endpoint_url=url, region_name="eu-west-1", aws_access_key_id=key,
                        aws_secret_access_key=secret, config=Config(retries={"total_max_attempts": 1}, **config))


def code(f, **args):
    try:
        f(**args)
    except ClientError as e:
        return e.response["Error"]["Code"]
    return "no error"


def same(got, want):
    if got != want:
        sys.exit("got %r, want %r" % (got, want))


ec2 = client("ec2")
same("eu-west-1" in [r["RegionName"] for r in ec2.describe_regions()["Regions"]], True)
same({z["RegionName"] for z in ec2.describe_availability_zones()["AvailabilityZones"]}, {"eu-west-1"})
same(ec2.create_key_pair(KeyName="paws")["KeyName"], "paws")
same(code(ec2.create_key_pair, KeyName="paws"), "InvalidKeyPair.Duplicate")
same(code(ec2.describe_fleets), "NotImplemented")

body = b"paws" * 100000
for signature in ["s3v4", "s3"]:
    s3 = client("s3", signature_version=signature, s3={"addressing_style": "path"})
    bucket = "paws-" + signature
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for name in ["plain", "a b/\u00fc+%2F!*'()", "q?&=#"]:
        s3.put_object(Bucket=bucket, Key=name, Body=io.BytesIO(body), Metadata={"paw": "left"})
        got = s3.get_object(Bucket=bucket, Key=name)
        same((got["Body"].read() == body, got["Metadata"]), (True, {"paw": "left"}))
    same(len(s3.list_objects_v2(Bucket=bucket)["Contents"]), 3)
    same(len(s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "plain"}, {"Key": "none"}]})["Deleted"]), 2)
    same(code(s3.get_object, Bucket=bucket, Key="plain"), "NoSuchKey")
    import urllib.request
    link = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "q?&=#"})
    same(urllib.request.urlopen(link).read() == body, True)

queue = client("sqs").create_queue(QueueName="paws")["QueueUrl"]
client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
same([m["Body"] for m in client("sqs").receive_message(QueueUrl=queue)["Messages"]], ["hello"])
same(client("iam").create_user(UserName="alice")["User"]["UserName"], "alice")
cw = client("cloudwatch")
cw.put_metric_data(Namespace="paws", MetricData=[{"MetricName": "purr", "Value": 3.5, "Unit": "Count"}])
same([m["MetricName"] for m in cw.list_metrics(Namespace="paws")["Metrics"]], ["purr"])
same(code(cw.list_dashboards), "NotImplemented")
arn = client("sns").create_topic(Name="paws")["TopicArn"]
same([t["TopicArn"] for t in client("sns").list_topics()["Topics"]], [arn])
same(code(client("sns").get_topic_attributes, TopicArn=arn + "x"), "NotFound")
pair = client("iam").create_access_key(UserName="alice")["AccessKey"]
root = key, secret
key, secret = pair["AccessKeyId"], pair["SecretAccessKey"]
same(client("sts").get_caller_identity()["Arn"].split("/")[-1], "alice")
token = client("sts").get_session_token()["Credentials"]
for t, want in [(token["SessionToken"], "alice"), ("another", "InvalidClientTokenId")]:
    c = boto3.client("sts", endpoint_url=url, region_name="eu-west-1", aws_access_key_id=token["AccessKeyId"],
                     aws_secret_access_key=token["SecretAccessKey"], aws_session_token=t)
    same(code(c.get_caller_identity) if want[0] == "I" else c.get_caller_identity()["Arn"].split("/")[-1], want)
key, secret = root

secret = "wrong"
same(code(client("ec2").describe_regions), "SignatureDoesNotMatch")
same(code(client("s3").list_buckets), "SignatureDoesNotMatch")
same(code(client("sqs").list_queues), "SignatureDoesNotMatch")
same(code(client("cloudwatch").list_metrics), "SignatureDoesNotMatch")
same(code(client("iam").list_users), "SignatureDoesNotMatch")
key = "AKIDNOBODY"
same(code(client("ec2").describe_regions), "AuthFailure")
same(code(client("s3").list_buckets), "InvalidAccessKeyId")
same(code(client("sts").get_caller_identity), "InvalidClientTokenId")
same(code(client("sqs").list_queues), "InvalidClientTokenId")
