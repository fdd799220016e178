>>> import boto
>>> from boto.exception import EC2ResponseError
>>> ec2 = boto.connect_ec2()
>>> rs = ec2.get_all_security_groups()
>>> print rs
#> [SecurityGroup:default]
>>> sg = rs[0]
>>> print sg.name
#> default
>>> web = ec2.create_security_group('apache', 'Our Apache Group')
>>> web
#> SecurityGroup:apache
>>> web.authorize('tcp', 80, 80, '0.0.0.0/0')
#> true
>>> web.authorize(ip_protocol='tcp', from_port='22', to_port='22', cidr_ip='192.168.1.130/32')
#> true
>>> web.authorize(src_group=sg)
#> true
>>> web.revoke('tcp', 80, 80, '0.0.0.0/0')
#> true
>>> rs = ec2.get_all_security_groups(groupnames=['apache'])
>>> web = rs[0]
>>> for rule in web.rules:
...     print rule.ip_protocol, rule.from_port, rule.to_port, rule.grants
>>> web.rules[0].grants
>>> try:
...     ec2.create_security_group('apache', 'again')
... except EC2ResponseError, e:
...     print e.code
...
#> InvalidGroup.Duplicate
>>> try:
...     group = ec2.get_all_security_groups(groupnames=['none'])[0]
... except ec2.ResponseError, e:
...     if e.code == 'InvalidGroup.NotFound':
...         print 'Creating Security Group: %s' % 'none'
...         group = ec2.create_security_group('none', 'A group')
...     else:
...         raise
...
#> Creating Security Group: none
>>> print group.name
#> none
>>> try:
...     group.authorize('tcp', 22, 22, '0.0.0.0/0')
...     group.authorize('tcp', 22, 22, '0.0.0.0/0')
... except ec2.ResponseError as e:
...     if e.code == 'InvalidPermission.Duplicate':
...         print 'Security Group: %s already authorized' % group.name
...     else:
...         raise
...
#> Security Group: none already authorized
>>> [g.name for g in ec2.get_all_security_groups() if g.name != 'default']
#> ["apache", "none"]
>>> ec2.delete_security_group('none')
#> true
