>>> import boto.ec2
>>> import time
>>> conn = boto.ec2.connect_to_region("us-west-2")
>>> conn = boto.ec2.connect_to_region("us-west-2",
...    aws_access_key_id='AKIDX',
...    aws_secret_access_key='secret-x')
>>> conn = boto.ec2.connect_to_region("us-west-2", debug=0)
>>> key = conn.create_key_pair('myKey')
>>> group = conn.create_security_group('web', 'My web servers')
>>> group.authorize('tcp', 80, 80, '0.0.0.0/0')
#> true
>>> reservation = conn.run_instances('ami-7341831a')
>>> reservation = conn.run_instances(
...         'ami-7341831a',
...         key_name='myKey',
...         instance_type='t1.micro',
...         security_groups=['web'])
>>> instance = reservation.instances[0]
>>> print instance.instance_type, instance.key_name
#> t1.micro myKey
>>> reservations = conn.get_all_reservations()
>>> len(reservations)
#> 2
>>> instances = reservations[1].instances
>>> inst = instances[0]
>>> inst.instance_type == 't1.micro' or inst.instance_type == 'm1.small'
#> true
>>> for r in conn.get_all_instances():
...     for i in r.instances:
...         print i.image_id
...
#> ami-7341831a
#> ami-7341831a
>>> ids = [i.id for r in conn.get_all_instances() for i in r.instances]
>>> print len(ids)
#> 2
>>> while instance.update() != 'running':
...     time.sleep(0.1)
...
>>> print instance.state
#> running
>>> if instance.state == 'running':
...     instance.add_tag('Name', 'web-1')
... else:
...     print 'Instance status: ' + instance.state
...
>>> print instance.tags
#> {'Name': 'web-1'}
>>> print instance.tags['Name']
#> web-1
>>> tagged = conn.get_all_instances(filters={'tag:Name': 'web-1'})
>>> print tagged[0].instances[0].id == instance.id
#> True
>>> conn.get_all_instances(filters={'instance-state-name': ['running', 'pending']})
#> [Reservation:
>>> statuses = conn.get_all_instance_status()
>>> for s in statuses:
...     print s.state_name, s.system_status.status
#> running
>>> all_statuses = conn.get_all_instance_status(include_all_instances=True)
>>> vol = conn.create_volume(1, instance.placement)
>>> vol
#> Volume:vol-
>>> curr_vol = conn.get_all_volumes([vol.id])[0]
>>> while curr_vol.update() != 'available':
...     time.sleep(0.1)
>>> curr_vol.status
#> "available"
>>> curr_vol.zone == instance.placement
#> true
>>> result = conn.attach_volume(vol.id, inst.id, "/dev/sdx")
>>> result
#> "attaching"
>>> vols = conn.get_all_volumes(filters={'attachment.instance-id': inst.id})
>>> print len(vols) > 0
>>> snapshot = conn.create_snapshot(vol.id, 'My snapshot')
>>> snapshot
#> Snapshot:snap-
>>> while snapshot.status != 'completed':
...     snapshot.update()
...     time.sleep(0.1)
...
>>> new_vol = snapshot.create_volume(instance.placement)
>>> print new_vol.size
#> 1
>>> snaps = vol.snapshots()
>>> snaps.sort(key=lambda s: s.start_time)
>>> print snaps[-1].description
#> My snapshot
>>> conn.delete_snapshot(snapshot.id)
#> true
>>> addr = conn.allocate_address()
>>> conn.associate_address(instance.id, addr.public_ip)
#> true
>>> instance.use_ip(addr)
#> true
>>> for a in conn.get_all_addresses():
...     print a.instance_id == instance.id
#> True
>>> instance.monitor()
>>> instance.unmonitor()
>>> conn.stop_instances(instance_ids=[inst.id])
#> [Instance:i-
>>> conn.stop_instances(instance_ids=ids, force=True)
#> [Instance:i-
>>> conn.terminate_instances(instance_ids=ids)
#> [Instance:i-
>>> instance.get_attribute('instanceType')
>>> log = instance.get_console_output()
>>> print len(log.output) >= 0
#> True
>>> conn.get_all_tags()
#> [Tag:
>>> k = conn.get_all_key_pairs(keynames=['myKey'])[0]
>>> print k.name
#> myKey
>>> reservation.id == instances[0].id
#> false
