>>> import boto, json
>>> iam = boto.connect_iam()
>>> user = iam.create_user('paws-user')
>>> keys = iam.create_access_key('paws-user')
>>> print len(keys.access_key_id) > 10
#> True
>>> policy = {'Statement': [{'Effect': 'Allow', 'Action': 'ec2:*', 'Resource': '*'}]}
>>> iam.put_user_policy('paws-user', 'allow-ec2', json.dumps(policy))
>>> found = iam.get_user_policy('paws-user', 'allow-ec2')
>>> iam.get_all_users()
>>> sns = boto.connect_sns()
>>> response = sns.create_topic('alerts')
>>> topic_arn = response['CreateTopicResponse']['CreateTopicResult']['TopicArn']
>>> print topic_arn.split(':')[-1]
#> alerts
>>> for address in ['a@example.com', 'b@example.com']:
...     sns.subscribe(topic_arn, 'email', address)
...
>>> sns.publish(topic_arn, 'A message', 'A subject')
>>> cw = boto.connect_cloudwatch()
>>> cw.list_metrics()
