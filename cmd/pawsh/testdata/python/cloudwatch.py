>>> import boto.ec2.cloudwatch
>>> import datetime
>>> c = boto.ec2.cloudwatch.connect_to_region('us-west-2')
>>> c.put_metric_data('Paws', 'Load', 12.5, unit='Percent', dimensions={'InstanceId': 'i-4ca81747'})
#> true
>>> c.put_metric_data(namespace='Paws', name='Load', value=17, timestamp=datetime.datetime.utcnow(), unit='Percent', dimensions={'InstanceId': 'i-4ca81747'})
#> true
>>> metrics = c.list_metrics()
>>> print metrics
#> [Metric:Load]
>>> my_metrics = []
>>> for metric in metrics:
...     if 'InstanceId' in metric.dimensions:
...         if 'i-4ca81747' in metric.dimensions['InstanceId']:
...             my_metrics.append(metric)
...
>>> my_metrics
#> [Metric:Load]
>>> m = c.list_metrics(dimensions={'InstanceId': 'i-4ca81747'}, metric_name='Load', namespace='Paws')[0]
>>> m.dimensions
#> i-4ca81747
>>> end = datetime.datetime.utcnow() + datetime.timedelta(minutes=1)
>>> start = end - datetime.timedelta(hours=1)
>>> points = m.query(start, end, 'Average', 'Percent', period=3600)
>>> len(points) >= 1
#> true
>>> m.query(start, end, ['Average', 'Maximum'], unit='Percent')
>>> alarm = m.create_alarm('high-load', '>=', 80.0, 300, 2, 'Average', alarm_actions=['arn:aws:sns:us-east-1:123456789012:t'])
>>> print alarm.name, alarm.threshold
#> high-load 80.0
>>> c.describe_alarms()
#> MetricAlarm:high-load
>>> for a in c.describe_alarms():
...     print a.name, a.state_value
...
#> high-load
>>> points.sort(key=lambda p: p.timestamp)
>>> c.delete_alarms('high-load')
