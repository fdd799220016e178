>>> import boto.sqs
>>> from boto.sqs.message import Message
>>> conn = boto.sqs.connect_to_region("us-west-2")
>>> q = conn.create_queue('myqueue')
>>> q2 = conn.create_queue('other', 120)
>>> q.get_timeout()
#> 30
>>> q2.get_timeout()
#> 120
>>> conn.get_all_queues()
#> Queue(
>>> len(conn.get_all_queues(prefix='my'))
#> 1
>>> my_queue = conn.get_queue('myqueue')
>>> print conn.get_queue('no-such-queue') is None
#> True
>>> m = Message()
>>> m.set_body('This is my first message.')
>>> q.write(m)
>>> m.message_attributes = {"name1": {"data_type": "String", "string_value": "I am a string"}}
>>> q.count()
#> 1
>>> rs = q.get_messages()
>>> len(rs)
#> 1
>>> m = rs[0]
>>> m.get_body()
#> "This is my first message."
>>> q.delete_message(m)
#> true
>>> for i in range(1, 11):
...     q.write(q.new_message('This is message %d' % i))
...
>>> rs = q.get_messages(num_messages=10, visibility_timeout=60)
>>> len(rs) > 0
#> true
>>> bodies = sorted([x.get_body() for x in rs])
>>> bodies[0][:16]
#> "This is message
>>> for message in rs:
...     q.delete_message(message)
>>> m = q.read(60)
>>> if m is not None:
...     print m.get_body()[:4]
>>> q.purge()
>>> q2.write(Message(body='hello'))
>>> print q2.read().get_body()
#> hello
>>> conn.delete_queue(q)
#> true
>>> q2.delete()
